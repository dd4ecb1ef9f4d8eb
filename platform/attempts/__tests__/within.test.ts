import { expect, test } from '@jest/globals'
import { within } from '#platform/attempts'

const never = new Promise<never>(() => undefined)
const late = (): string => 'late'

test('work that is done in time answers, or throws what it throws', async () => {
  expect(await within(Promise.resolve(7), Infinity, late)).toBe(7)
  await expect(within(Promise.reject(new Error('refused')), Infinity, late)).rejects.toThrow('refused')
})

test('work that takes too long gets the word of the late one, who may throw', async () => {
  expect(await within(never, 1, late)).toBe('late')
  const failing = within(never, 1, () => {
    throw new Error('no answer')
  })
  await expect(failing).rejects.toThrow('no answer')
})

test('a signal ends the waiting, and one that is aborted already lets nothing through', async () => {
  const controller = new AbortController()
  const waiting = within(never, Infinity, late, controller.signal)
  controller.abort(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
  await expect(within(Promise.resolve(7), Infinity, late, controller.signal)).rejects.toThrow('over')
})
