import { awsClusterInputs, mostPerHour } from './inputs/aws-cluster-inputs.ts'
import { mayTakeOnDemand, yandexClusterInputs } from './inputs/yandex-cluster-inputs.ts'

/** Money for an hour. */
export interface HourlyCost {
  readonly perHour: number
  readonly currency: string
}

/**
 * The most that an hour of what a cluster stack rents can cost, the workers together; null where its inputs do not tell.
 * Throws InputsInvalid.
 */
export function clusterPrices(
  cloud: 'aws' | 'yandex',
  raw: unknown,
): Readonly<Record<'redis' | 'workers', HourlyCost | null>> {
  if (cloud === 'aws') {
    const inputs = awsClusterInputs(raw)
    return {
      redis: { perHour: inputs.redisMachine.perHour, currency: 'USD' },
      workers: { perHour: inputs.workers * mostPerHour(inputs), currency: 'USD' },
    }
  }
  const inputs = yandexClusterInputs(raw)
  const { machine, onDemandWorkers, workers, currency } = inputs
  const { perHour, onDemandPerHour } = machine
  if (perHour === null) return { redis: null, workers: null }
  const mostOnDemand = mayTakeOnDemand(inputs) === true ? workers : onDemandWorkers
  const dearer = Math.max(perHour, onDemandPerHour ?? 0)
  return { redis: null, workers: { perHour: mostOnDemand * dearer + (workers - mostOnDemand) * perHour, currency } }
}
