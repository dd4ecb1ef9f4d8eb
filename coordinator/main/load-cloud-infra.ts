import { BullpenError } from '#core/errors'
import type { CloudInfra } from '../targets/index.ts'

/** The stacks of clouds, loaded when something is rented: the construct library takes a third of a second. */
export const cloudInfra: CloudInfra = {
  prices: (cloud, inputs) =>
    translated(async () => {
      const { clusterPrices } = await import('#infra-model')
      return clusterPrices(cloud, inputs)
    }),
  synth: (cloud, inputs, outdir) =>
    translated(async () => {
      const { stacks, synthesize } = await import('#infra-model')
      return synthesize(
        stacks.find(({ name }) => name === `${cloud}-cluster`)!,
        inputs,
        outdir,
      )
    }),
  onDemand: (cloud, inputs, missing) =>
    translated(async () => {
      const { onDemand } = await import('#infra-model')
      return onDemand(cloud, inputs, missing)
    }),
}

/** The room of the stacks knows nothing of our error codes. */
async function translated<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    const { name, message } = error as Error
    if (name === 'InputsInvalid') throw new BullpenError('USAGE', { reason: message }, { cause: error })
    if (name === 'BindingsMissing') {
      const purpose = 'the stacks of AWS are made with it (npm run infra:install && npm run build)'
      throw new BullpenError('TOOL_MISSING', { tool: '@cdktn/provider-aws', purpose }, { cause: error })
    }
    throw error
  }
}
