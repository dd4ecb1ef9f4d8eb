import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { CloudLab, cloudRentals as rentals, cloudRequest as request } from '../testing/index.ts'

const signal = new AbortController().signal
let lab: CloudLab

beforeEach(() => {
  lab = new CloudLab()
})
afterEach(() => {
  lab.remove()
})

describe('a cluster on Yandex Cloud', () => {
  test('is seen by its labels, in the folder of the base; what others have there is left out', async () => {
    const { target, calls } = lab.yandex()
    expect(await target.inventory()).toEqual([
      {
        rental: 'weekly/workers#2',
        cluster: 'weekly',
        what: 'host',
        place: 'g1',
        detail: 'instance-group g1 w ACTIVE',
      },
      { rental: 'weekly/redis#2', cluster: 'weekly', what: 'host', place: 'h1', detail: 'instance h1 RUNNING' },
      { rental: 'weekly/workers#2', cluster: 'weekly', what: 'host', place: 'h2', detail: 'instance h2 RUNNING' },
    ])
    expect(await target.inventory('other')).toEqual([])
    for (const call of calls()) expect(call).toContain('--folder-id f1')
  })

  test('is ended group first', async () => {
    const { target, calls } = lab.yandex()
    await target.down('weekly', signal)
    expect(calls().filter((call) => call.includes('delete'))).toEqual([
      'compute instance-group delete --id g1 --format json',
      'compute instance delete --id h1 --format json',
      'compute instance delete --id h2 --format json',
    ])
  })

  test('has the label moved that the reaper reads, on the group and on Redis', async () => {
    const { target, calls } = lab.yandex()
    await target.renewed('weekly', 1_900_000_000_500)
    expect(calls().filter((call) => call.includes('add-labels'))).toEqual([
      'compute instance-group add-labels --id g1 --labels bullpen-expires=1900000000 --format json',
      'compute instance add-labels --id h1 --labels bullpen-expires=1900000000 --format json',
    ])
  })

  test('takes the password of Redis from the secret store', async () => {
    const up = await lab.yandex().target.up(request, rentals, signal)
    expect(readFileSync(up.redisPasswordFile!, 'utf8')).toBe('hunter2hunter2')
  })
})
