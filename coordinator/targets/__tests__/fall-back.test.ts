import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { awsAnswers, CloudLab, cloudRentals as rentals, cloudRequest as request } from '../testing/index.ts'

const signal = new AbortController().signal
const changed = { onDemandWorkers: 3, machines: [{ type: 'c6a.2xlarge', perHour: 0.35 }] }
let asked: number[]
let lab: CloudLab

beforeEach(() => {
  asked = []
  lab = new CloudLab((_, __, missing) => {
    asked.push(missing)
    return Promise.resolve({
      workers: missing,
      changed,
      told: `${missing} more on demand, 0.35 USD an hour each at most`,
    })
  })
})
afterEach(() => {
  lab.remove()
})

/** What AWS answers when the group has these hosts. */
function withHosts(...states: readonly string[]): object {
  const redis = awsAnswers['ec2 describe-instances'].Reservations[0]!.Instances
  const tags = redis[0]!.Tags.map(({ Key, Value }) => ({ Key, Value: Value.replace('redis', 'workers') }))
  const workers = states.map((Name, i) => {
    return { InstanceId: `i-w${i}`, InstanceType: 'c7a.2xlarge', State: { Code: 16, Name }, Tags: tags }
  })
  return { ...awsAnswers, 'ec2 describe-instances': { Reservations: [{ Instances: [...redis, ...workers] }] } }
}

describe('a cluster whose cloud has not given every host', () => {
  test('takes those that are missing on demand: Redis, its group and hosts taken back are no workers', async () => {
    const { target } = lab.aws(withHosts('running', 'stopping'))
    expect(await target.fallBack(request, rentals, 3, signal)).toEqual({
      workers: 2,
      told: 'aws has given 1 of 3 hosts; 2 more on demand, 0.35 USD an hour each at most',
    })
    expect(asked).toEqual([2])
    expect(lab.done).toEqual(['init', 'apply'])
    expect(lab.synthesized.at(-1)).toMatchObject({ ...changed, workersRental: 'weekly/workers#2' })
  })

  test('keeps to it when it is brought up again, for as many workers, and not after it was taken down', async () => {
    const { target } = lab.aws(withHosts('running'))
    await target.fallBack(request, rentals, 3, signal)
    await target.up(request, rentals, signal)
    expect(lab.synthesized.at(-1)).toMatchObject(changed)
    await target.up({ ...request, workers: 2 }, rentals, signal)
    expect(lab.synthesized.at(-1)).not.toHaveProperty('onDemandWorkers')
    await target.down(request.cluster, signal)
    await target.up(request, rentals, signal)
    expect(lab.synthesized.at(-1)).not.toHaveProperty('onDemandWorkers')
  })

  test('takes none when all hosts are there and only their agents are late', async () => {
    const { target } = lab.aws(withHosts('running', 'running', 'pending'))
    expect(await target.fallBack(request, rentals, 3, signal)).toMatchObject({ workers: 0 })
    expect([asked, lab.done]).toEqual([[], []])
  })

  test('that may take none stays as it is, and why is told', async () => {
    const poor = new CloudLab(() => Promise.resolve({ workers: 0, changed: {}, told: 'none is taken on demand: dear' }))
    try {
      const { target } = poor.aws(withHosts('running'))
      const told = 'aws has given 1 of 3 hosts; none is taken on demand: dear'
      expect(await target.fallBack(request, rentals, 3, signal)).toEqual({ workers: 0, told })
      expect(poor.done).toEqual([])
    } finally {
      poor.remove()
    }
  })

  test('that fails at it stays up, and knows what it may have taken', async () => {
    lab.failing = 'apply'
    const { target, calls } = lab.aws(withHosts('running'))
    await expect(target.fallBack(request, rentals, 3, signal)).rejects.toThrow('apply said no')
    expect(calls().filter((call) => /delete|terminate/.test(call))).toEqual([])
    expect(readFileSync(join(lab.folder, 'clusters/weekly/on-demand.json'), 'utf8')).toContain('"onDemandWorkers":3')
  })

  test('counts on Yandex Cloud the hosts that run', async () => {
    const { target } = lab.yandex()
    expect(await target.fallBack(request, rentals, 3, signal)).toMatchObject({ workers: 2 })
  })
})
