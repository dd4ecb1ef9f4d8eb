import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { jsonProblem, kindOf, makeTask, maxTaskJson } from '../index.ts'

const limits = { runId: 'map-1', key: 'i0', name: 'own', attempts: 1, timeoutMs: 1000 } as const

test('an own task is counted by its module, any other by its name', () => {
  const task = makeTask({ ...limits, payload: { module: 'price-paths', input: null, shared: [] } })
  expect(kindOf(task)).toBe('own:price-paths')
})

test('module names that could be paths are refused', () => {
  for (const module of ['../x', 'a/b', '/etc/x', 'node:fs', '', 'A', '.hidden', 'a'.repeat(65)]) {
    expect(() => makeTask({ ...limits, payload: { module, input: 1, shared: [] } })).toThrow(/does not fit its schema/)
  }
})

test('an input beyond the size limit is refused', () => {
  const payload = { module: 'm', input: 'x'.repeat(maxTaskJson), shared: [] }
  expect(() => makeTask({ ...limits, payload })).toThrow(/characters, the limit is/)
})

test('whatever JSON would give back unchanged has no problem', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonProblem(value)).toBeUndefined()
    }),
  )
})

test('what JSON would change is named with its place', () => {
  expect(jsonProblem({ a: [1, Number.NaN] })).toBe('/a/1 is NaN')
  expect(jsonProblem({ a: [undefined] })).toBe('/a/0 is of type undefined')
  expect(jsonProblem(new Date())).toBe('it is a Date')
  expect(jsonProblem([new Map()])).toBe('/0 is a Map')
  expect(jsonProblem({ a: new Uint8Array(2) })).toBe('/a is a Uint8Array')
  expect(jsonProblem({ f: () => 1 })).toBe('/f is of type function')
  expect(jsonProblem(10n)).toBe('it is of type bigint')
  const cycle: unknown[] = []
  cycle.push(cycle)
  expect(jsonProblem(cycle)).toMatch(/nested deeper/)
})
