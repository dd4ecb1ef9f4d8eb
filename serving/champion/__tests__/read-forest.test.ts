import { expect, test } from '@jest/globals'
import { exampleModelJson } from '#core/model/testing'
import { readForestHere, readForestInThread } from '../read-forest.ts'

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

test('a forest read in a thread is the one read here, and what was read is still there', async () => {
  const json = bytesOf(exampleModelJson('threads', 20))
  const there = await readForestInThread(json)
  expect(there).toEqual(await readForestHere(json))
  const data = Float32Array.from({ length: there.columns }, (_, i) => i)
  const row = { rows: 1, columns: there.columns, data }
  expect(there.margins(row)).toEqual((await readForestHere(json)).margins(row))
})

test('what is wrong with a model is said by the thread as here', async () => {
  for (const broken of [bytesOf({}), new TextEncoder().encode('{')]) {
    const [there, here] = await Promise.allSettled([readForestInThread(broken), readForestHere(broken)])
    const { code, message } = (here as PromiseRejectedResult).reason as { code: string; message: string }
    expect(code).toBe('MODEL_INVALID')
    expect((there as PromiseRejectedResult).reason).toMatchObject({ code, message })
  }
})
