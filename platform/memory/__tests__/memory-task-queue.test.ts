import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { describeTaskQueue, exampleTask, outcomesOf } from '#core/protocol/testing'
import { MemoryTaskQueue } from '../memory-task-queue.ts'
import { WaitingTasks } from '../memory-task-queue-waiting.ts'

describeTaskQueue('MemoryTaskQueue', () => {
  const queue = new MemoryTaskQueue()
  return Promise.resolve({ connect: () => queue, dispose: () => Promise.resolve() })
})

test('it refuses whole batches past its limit and takes them when there is room', async () => {
  const queue = new MemoryTaskQueue({ limit: 2 })
  await queue.enqueue([exampleTask('run', 'a')])
  const two = [exampleTask('run', 'b'), exampleTask('run', 'c')]
  await expect(queue.enqueue(two)).rejects.toMatchObject({
    code: 'QUEUE_FULL',
    details: { waiting: 1, added: 2, limit: 2 },
  })
  const outcomes = outcomesOf(queue, 'run')
  await queue.cancel('run')
  await outcomes.reach(1)
  await queue.enqueue(two)
  await queue.close()
})

test('waiting entries come out by priority, then sequence, whatever was taken out between', () => {
  const place = fc.record({ priority: fc.integer({ min: -3, max: 3 }), isLeaving: fc.boolean() })
  fc.assert(
    fc.property(fc.array(place), fc.nat(20), (places, early) => {
      const entries = places.map((entry, sequence) => ({ ...entry, sequence }))
      const inOrder = [...entries].sort((a, b) => b.priority - a.priority || a.sequence - b.sequence)
      const waiting = new WaitingTasks<(typeof entries)[number]>()
      for (const entry of entries) waiting.add(entry)
      const taken = Array.from({ length: Math.min(early, entries.length) }, () => waiting.take())
      expect(taken).toEqual(inOrder.slice(0, early))
      const rest = inOrder.slice(early)
      expect(waiting.takeAll(({ isLeaving }) => isLeaving)).toEqual(rest.filter(({ isLeaving }) => isLeaving))
      const stayed = rest.filter(({ isLeaving }) => !isLeaving)
      expect(stayed.map(() => waiting.take())).toEqual(stayed)
      expect(waiting.take()).toBeUndefined()
    }),
  )
})
