import { expect, test } from '@jest/globals'
import { ServiceEvents } from '../service-events.ts'
import type { ServiceEvent } from '../../ports.ts'

const swap = (version: number): ServiceEvent => ({ kind: 'model', version, before: null, sha256: 'a'.repeat(64) })

test('every listener hears every event in order until it leaves', () => {
  const hub = new ServiceEvents()
  const heard: ServiceEvent[][] = [[], []]
  const leave = hub.on((event) => heard[0]!.push(event))
  hub.on((event) => heard[1]!.push(event))
  hub.emit(swap(1))
  leave()
  leave()
  hub.emit(swap(2))
  expect(heard).toEqual([[swap(1)], [swap(1), swap(2)]])
  expect(hub.listeners).toBe(1)
})

test('a listener that throws keeps no other from hearing', () => {
  const errors: unknown[] = []
  const hub = new ServiceEvents({ onListenerError: (error) => errors.push(error) })
  const heard: ServiceEvent[] = []
  hub.on(() => {
    throw new Error('no')
  })
  hub.on((event) => heard.push(event))
  hub.emit(swap(1))
  expect(heard).toEqual([swap(1)])
  expect(errors).toEqual([new Error('no')])
})

test('a listener that leaves while it hears keeps no other from hearing', () => {
  const hub = new ServiceEvents()
  const heard: ServiceEvent[] = []
  const leave = hub.on(() => {
    leave()
  })
  hub.on((event) => heard.push(event))
  hub.emit(swap(1))
  expect(heard).toEqual([swap(1)])
})

test('who comes back hears what it has missed, once', () => {
  const hub = new ServiceEvents()
  const ids: string[] = []
  hub.follow(({ id }) => ids.push(id))
  for (const version of [1, 2, 3]) hub.emit(swap(version))
  expect(hub.after(ids[0]!).map(({ event }) => event)).toEqual([swap(2), swap(3)])
  expect(hub.after(ids[2]!)).toEqual([])
})

test('who has missed more than is kept, or an earlier process, hears all that is kept', () => {
  const before = new ServiceEvents({ era: 'before' })
  const hub = new ServiceEvents({ era: 'now', kept: 2 })
  const ids: string[] = []
  before.follow(({ id }) => ids.push(id))
  hub.follow(({ id }) => ids.push(id))
  before.emit(swap(1))
  for (const version of [1, 2, 3]) hub.emit(swap(version))
  const kept = [swap(2), swap(3)]
  expect(hub.after(ids[0]!).map(({ event }) => event)).toEqual(kept)
  expect(hub.after(ids[1]!).map(({ event }) => event)).toEqual(kept)
  expect(new Set(ids).size).toBe(4)
})
