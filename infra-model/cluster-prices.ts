import { awsClusterInputs, mostPerHour } from './inputs/aws-cluster-inputs.ts'
import { yandexClusterInputs } from './inputs/yandex-cluster-inputs.ts'

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
  const { machine, workers, currency } = yandexClusterInputs(raw)
  return { redis: null, workers: machine.perHour === null ? null : { perHour: workers * machine.perHour, currency } }
}
