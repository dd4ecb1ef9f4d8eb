import { awsClusterInputs } from './inputs/aws-cluster-inputs.ts'
import { mayTakeOnDemand, yandexClusterInputs } from './inputs/yandex-cluster-inputs.ts'

/** How a cluster takes hosts on demand that spot, or preemptible capacity, does not give. */
export interface OnDemand {
  /** How many it then takes more; 0: none may be taken. */
  readonly workers: number
  /** Inputs of its stack that change. */
  readonly changed: Readonly<Record<string, unknown>>
  /** What is taken and what one costs at most, or why none is. */
  readonly told: string
}

/**
 * The inputs by which a cluster stack takes `missing` workers on demand, at no price above `maxPricePerHour`.
 * Throws InputsInvalid.
 */
export function onDemand(cloud: 'aws' | 'yandex', raw: unknown, missing: number): OnDemand {
  return cloud === 'aws' ? onDemandAtAws(raw, missing) : onDemandAtYandex(raw, missing)
}

/** The types that cost more on demand than the cap are left out: one group has one list of types. */
function onDemandAtAws(raw: unknown, missing: number): OnDemand {
  const { machines, maxPricePerHour: cap, onDemandWorkers: before, workers } = awsClusterInputs(raw)
  const affordable = machines.filter(({ perHour }) => cap === null || perHour <= cap)
  const more = Math.min(missing, workers - before)
  if (affordable.length === 0) return none(`no type costs ${String(cap)} USD an hour or less on demand`)
  if (more <= 0) return none('all of its workers are on demand')
  const dearest = Math.max(...affordable.map(({ perHour }) => perHour))
  return taken(before, more, { machines: affordable }, `${dearest} USD`)
}

function onDemandAtYandex(raw: unknown, missing: number): OnDemand {
  const inputs = yandexClusterInputs(raw)
  const { currency, machine, onDemandWorkers: before, workers } = inputs
  const may = mayTakeOnDemand(inputs)
  const more = Math.min(missing, workers - before)
  if (may !== true) return none(may)
  if (more <= 0) return none('none of its workers is preemptible')
  return taken(before, more, {}, `${String(machine.onDemandPerHour)} ${currency}`)
}

function taken(before: number, more: number, changed: OnDemand['changed'], price: string): OnDemand {
  const told = `${more} more on demand, ${price} an hour each at most`
  return { workers: more, changed: { ...changed, onDemandWorkers: before + more }, told }
}

function none(why: string): OnDemand {
  return { workers: 0, changed: {}, told: `none is taken on demand: ${why}` }
}
