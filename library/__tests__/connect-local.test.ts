import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { BullpenError, connect } from 'bullpen'
import type { run } from './fixtures/square.ts'

const square = fileURLToPath(new URL('./fixtures/square.js', import.meta.url))

test('a pool within the process runs modules of its list in threads', async () => {
  const pool = await connect({ local: { tasks: { square }, threads: 2 } })
  try {
    const outputs: number[] = []
    for await (const { output } of pool.map<typeof run>('square', [1, 2, 3, 4])) outputs.push(output)
    expect(outputs).toEqual([1, 4, 9, 16])
    const shared = [await pool.share(Uint8Array.of(1, 2, 3))]
    for await (const { output } of pool.map<typeof run>('square', ['sum'], { shared })) expect(output).toBe(6)
    for await (const result of pool.map('square', [-1], { onError: 'yield' })) {
      if (result.ok) throw new Error('it should fail')
      expect(result.error).toBeInstanceOf(BullpenError)
      expect(result.error).toMatchObject({ code: 'TASK_FAILED', details: { reason: 'RangeError: -1 is negative' } })
    }
    await expect(pool.map('cube', [1]).next()).rejects.toMatchObject({ cause: { code: 'TASK_UNKNOWN' } })
  } finally {
    await pool.close()
  }
})

test('a list with a module that is missing opens no pool', async () => {
  const opening = connect({ local: { tasks: { square: './no-such-module.js' }, threads: 1 } })
  await expect(opening).rejects.toMatchObject({ code: 'OWN_TASKS_INVALID' })
})
