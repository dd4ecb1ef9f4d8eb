import { expect, test } from '@jest/globals'
import { checkResult, checkTask, makeTask, maxTaskJson } from '../make-task.ts'
import { protocolVersion } from '../tasks.ts'
import { exampleTask } from '../testing/example-tasks.ts'

const fails = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) as unknown })

test('a made task has its id, version and priority filled in', () => {
  const task = exampleTask('run-1', 'features')
  expect(task).toMatchObject({ id: 'run-1/features', protocolVersion, priority: 0 })
  expect(() => {
    checkTask(JSON.parse(JSON.stringify(task)))
  }).not.toThrow()
})

test('the first problem of a payload is named with its path', () => {
  const { payload } = exampleTask('run', 'a')
  expect(() =>
    makeTask({
      ...exampleTask('run', 'a'),
      payload: { ...payload, label: { name: 'x', parameters: { a: true } } },
    } as never),
  ).toThrow(
    fails('TASK_INVALID', {
      task: 'run/a',
      part: 'payload',
      reason: expect.stringMatching(/^\/label\/parameters\/a: /) as unknown,
    }),
  )
})

test('attempts, time limit and key have their bounds', () => {
  expect(() => exampleTask('run', 'a', { attempts: 0 })).toThrow(fails('TASK_INVALID', { part: 'envelope' }))
  expect(() => exampleTask('run', 'a', { timeoutMs: 2 ** 31 })).toThrow(fails('TASK_INVALID', { part: 'envelope' }))
  expect(() => exampleTask('run', 'a b')).toThrow(fails('TASK_INVALID', { part: 'envelope' }))
  expect(() => exampleTask('run', '')).toThrow(fails('TASK_INVALID', { part: 'envelope' }))
})

test('a task of an unknown name, with a foreign id or of another version is refused', () => {
  const task = exampleTask('run', 'a')
  const check = (value: unknown) => () => {
    checkTask(value)
  }
  expect(check({ ...task, name: 'toString' })).toThrow(fails('TASK_INVALID', { part: 'envelope' }))
  expect(check({ ...task, id: 'run/b' })).toThrow(fails('TASK_INVALID', { part: 'envelope' }))
  expect(check({ protocolVersion: protocolVersion + 1 })).toThrow(
    fails('PROTOCOL_DIFFERS', { theirs: protocolVersion + 1, ours: protocolVersion }),
  )
  expect(check(null)).toThrow(fails('TASK_INVALID', { task: '(without id)' }))
})

test('a payload or result longer than the limit is refused', () => {
  const { payload } = exampleTask('run', 'a')
  const featureSet = 'x'.repeat(maxTaskJson)
  expect(() => exampleTask('run', 'a', { payload: { ...payload, featureSet } })).toThrow(
    fails('TASK_INVALID', { part: 'payload', reason: expect.stringContaining('the limit is') as unknown }),
  )
  const curve = new Array<number>(maxTaskJson).fill(1)
  expect(() => checkResult('noise-curve', { curve, positiveShare: 1 }, 'run/a')).toThrow(
    fails('TASK_INVALID', { part: 'result' }),
  )
})

test('a result with a number that JSON cannot carry is refused', () => {
  expect(() => checkResult('importance', { baseline: NaN, importance: [] }, 'run/a')).toThrow(
    fails('TASK_INVALID', { part: 'result', reason: '/baseline: Expected number' }),
  )
})
