import { expect, test } from '@jest/globals'
import { bookableInputs, stacks, synthesize } from '../index.ts'
import { exampleInputs } from '../testing/index.ts'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const endsAt = Date.parse('2031-02-03T04:05:06Z')
const ids = (...names: string[]) => new Map(names.map((name) => [name, `weekly/${name}#7`]))

test('of local and ssh each process is booked, at its host and price, and Redis costs nothing beside a worker', () => {
  const worker = { kind: 'worker', price: null, place: '' }
  expect(bookableInputs('local', exampleInputs('local'))).toMatchObject({
    target: 'local',
    cluster: 'weekly',
    maxLifetimeSeconds: 14_400,
    things: [
      { name: 'redis', kind: 'redis', price: null },
      { name: 'worker-1', ...worker },
      { name: 'worker-2', ...worker },
    ],
  })
  const price = { perHour: 0.12, currency: 'USD' }
  expect(bookableInputs('ssh', exampleInputs('ssh')).things).toEqual([
    { name: 'redis', kind: 'redis', place: 'host-1', price: null },
    { name: 'worker-1', kind: 'worker', place: 'host-1', price },
    { name: 'worker-2', kind: 'worker', place: 'host-2', price },
  ])
})

test('of a cloud Redis and the group are booked, at the most that they can cost', () => {
  expect(bookableInputs('aws-cluster', exampleInputs('aws-cluster')).things).toEqual([
    { name: 'redis', kind: 'redis', place: '', price: { perHour: 0.03, currency: 'USD' } },
    { name: 'workers', kind: 'worker', place: '', price: { perHour: 1.88, currency: 'USD' } },
  ])
})

test.each([
  ['local', ids('redis', 'worker-1', 'worker-2')],
  ['ssh', ids('redis', 'worker-1', 'worker-2')],
])('the stack %s carries what it was booked as, under keepers of these rentals', async (name, rentals) => {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-booked-'))
  try {
    const inputs = bookableInputs(name, exampleInputs(name)).booked(rentals, endsAt)
    const stack = stacks.find((entry) => entry.name === name)!
    const text = readFileSync(join(await synthesize(stack, inputs, folder), 'cdk.tf.json'), 'utf8')
    for (const id of rentals.values()) expect(text).toMatch(new RegExp(`rental keep --id \\S*${id}`))
    expect(text).not.toContain('#1')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.each(['aws-cluster', 'yandex-cluster'])(
  'the inputs of %s tell the rentals, and the end that the cloud makes',
  (name) => {
    const inputs = exampleInputs(name)
    expect(bookableInputs(name, inputs).booked(ids('redis', 'workers'), endsAt)).toEqual({
      ...inputs,
      redisRental: 'weekly/redis#7',
      workersRental: 'weekly/workers#7',
      endsAt: '2031-02-03T04:05:06Z',
    })
  },
)

test('what is no cluster, or has two processes of one name, or Redis on a host without bullpen, is refused', () => {
  expect(() => bookableInputs('aws-base', {})).toThrow('is no stack of a cluster')
  const twice = exampleInputs('local', { workers: [{ name: 'worker-1' }, { name: 'worker-1' }] })
  expect(() => bookableInputs('local', twice)).toThrow('worker-1: is named twice')
  const { redis } = exampleInputs('ssh') as { redis: { host: object } }
  const elsewhere = exampleInputs('ssh', { redis: { ...redis, host: { ...redis.host, name: 'host-9' } } })
  expect(() => bookableInputs('ssh', elsewhere)).toThrow('redis.bullpen: is needed on a host of its own')
})
