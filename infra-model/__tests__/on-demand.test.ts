import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { awsClusterInputs, mostPerHour } from '../inputs/aws-cluster-inputs.ts'
import { clusterPrices, onDemand } from '../index.ts'
import { exampleInputs } from '../testing/index.ts'

const aws = (changed: object = {}) => exampleInputs('aws-cluster', { ...changed })
const yandex = (changed: object = {}) => exampleInputs('yandex-cluster', { ...changed })
const machine = { platform: 'standard-v3', cores: 8, memoryGb: 16, perHour: 21.5, onDemandPerHour: 60 }

describe('workers that spot of AWS does not give', () => {
  test('are taken on demand beside those that are already, and what one costs at most is told', () => {
    expect(onDemand('aws', aws(), 2)).toEqual({
      workers: 2,
      changed: { onDemandWorkers: 3, machines: aws()['machines'] },
      told: '2 more on demand, 0.47 USD an hour each at most',
    })
  })

  test('are of the types whose price on demand is not above the cap', () => {
    const { changed, told } = onDemand('aws', aws({ onDemandWorkers: 0, maxPricePerHour: 0.4 }), 3)
    expect(changed).toEqual({ onDemandWorkers: 3, machines: [{ type: 'c6a.2xlarge', perHour: 0.35 }] })
    expect(told).toContain('0.35 USD')
  })

  test('are not taken when every type costs more than the cap, or all are on demand', () => {
    const dear = onDemand('aws', aws({ onDemandWorkers: 0, maxPricePerHour: 0.3 }), 3)
    expect(dear).toEqual({
      workers: 0,
      changed: {},
      told: 'none is taken on demand: no type costs 0.3 USD an hour or less on demand',
    })
    expect(onDemand('aws', aws({ onDemandWorkers: 4 }), 1)).toMatchObject({ workers: 0, changed: {} })
  })

  test('whatever is missing, never make more workers than asked for, nor a price above the one that was booked', () => {
    const cases = fc.record({
      workers: fc.integer({ min: 1, max: 50 }),
      missing: fc.integer({ min: 1, max: 60 }),
      share: fc.integer({ min: 0, max: 50 }),
      maxPricePerHour: fc.option(fc.constantFrom(0.2, 0.35, 0.36, 0.41, 0.47, 1)),
    })
    fc.assert(
      fc.property(cases, ({ workers, missing, share, maxPricePerHour }) => {
        const affordsAll = maxPricePerHour === null || maxPricePerHour >= 0.47
        const inputs = aws({ workers, maxPricePerHour, onDemandWorkers: affordsAll ? Math.min(share, workers) : 0 })
        const before = awsClusterInputs(inputs)
        const { changed, workers: more } = onDemand('aws', inputs, missing)
        const after = awsClusterInputs({ ...inputs, ...changed })
        expect(after.onDemandWorkers).toBe(before.onDemandWorkers + more)
        expect(after.onDemandWorkers).toBeLessThanOrEqual(workers)
        expect(mostPerHour(after)).toBeLessThanOrEqual(mostPerHour(before))
        if (more > 0)
          for (const { perHour } of after.machines) expect(perHour).toBeLessThanOrEqual(maxPricePerHour ?? 9)
      }),
    )
  })
})

describe('workers that preemptible capacity of Yandex Cloud does not give', () => {
  test('are taken otherwise where their price is given and below the cap, which the booked price then covers', () => {
    const inputs = yandex({ machine, maxPricePerHour: 60 })
    expect(onDemand('yandex', inputs, 3)).toEqual({
      workers: 3,
      changed: { onDemandWorkers: 3 },
      told: '3 more on demand, 60 RUB an hour each at most',
    })
    expect(clusterPrices('yandex', inputs).workers).toEqual({ perHour: 240, currency: 'RUB' })
  })

  test.each([
    [{}, 'machine.onDemandPerHour is not given, so none is taken that is not preemptible', 86],
    [{ machine, maxPricePerHour: 25 }, 'a host that is not preemptible costs 60 an hour, above 25', 86],
    [{ preemptible: false }, 'no worker is preemptible, so there is no other way to take one', 86],
  ])('are not taken of %j', (inputs, why, booked) => {
    expect(onDemand('yandex', yandex(inputs), 3)).toEqual({
      workers: 0,
      changed: {},
      told: `none is taken on demand: ${why}`,
    })
    expect(clusterPrices('yandex', yandex(inputs)).workers?.perHour).toBe(booked)
  })

  test('a share of them that is never preemptible is paid as such', () => {
    const inputs = yandex({ machine, preemptible: false, onDemandWorkers: 1, maxPricePerHour: null })
    expect(clusterPrices('yandex', inputs).workers?.perHour).toBe(60 + 3 * 21.5)
  })
})
