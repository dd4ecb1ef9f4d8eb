import { expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { GivenVerdict } from '../../ports.ts'
import { LogBuffer } from '../log-buffer.ts'

const verdict = (openTime: number): GivenVerdict => ({
  id: 0,
  symbol: 'BTC/USDT',
  widthMs: 14_400_000,
  openTime,
  close: 1,
  verdict: 'buy',
  probabilities: { sell: 0, hold: 0, buy: 1 },
  version: 1,
  sha256: 'a'.repeat(64),
  at: 1,
})
const away = new BullpenError('DATABASE_UNAVAILABLE', { database: 'test', reason: 'gone' })

/** A log whose answers and a clock whose pauses the test gives. */
function open(limit = 10) {
  const kept: number[] = []
  const notes: string[] = []
  const pauses: { ms: number; end: () => void }[] = []
  const failures: Error[] = []
  const log = {
    append: async (given: Omit<GivenVerdict, 'id'>) => {
      await Promise.resolve()
      const failure = failures.shift()
      if (failure) throw failure
      kept.push(given.openTime)
      return { ...given, id: kept.length }
    },
  }
  const wait = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      pauses.push({ ms, end: resolve })
      signal.addEventListener('abort', () => {
        resolve()
      })
    })
  const buffer = new LogBuffer({
    log,
    limit,
    wait,
    onNote: (text) => notes.push(text),
    firstPauseMs: 1,
    longestPauseMs: 4,
  })
  return { buffer, kept, notes, pauses, failures }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

test('verdicts reach the log in order', async () => {
  const { buffer, kept } = open()
  for (const at of [1, 2, 3]) buffer.add(verdict(at))
  await until(() => buffer.waiting === 0)
  buffer.add(verdict(4))
  await buffer.close()
  expect(kept).toEqual([1, 2, 3, 4])
})

test('while the log is away verdicts wait, pauses double, and it is said once when it goes and once when it is back', async () => {
  const { buffer, kept, notes, pauses, failures } = open()
  failures.push(away, away, away, away)
  buffer.add(verdict(1))
  buffer.add(verdict(2))
  for (let tries = 1; tries <= 4; tries++) {
    await until(() => pauses.length === tries)
    pauses[tries - 1]!.end()
  }
  await until(() => buffer.waiting === 0)
  expect(kept).toEqual([1, 2])
  expect(pauses.map(({ ms }) => ms)).toEqual([1, 2, 4, 4])
  expect(notes).toEqual([
    'the log of verdicts cannot be reached; answers go on, verdicts wait',
    'the log of verdicts is back; 0 verdicts were lost so far',
  ])
})

test('beyond the limit the oldest are lost, and counted', async () => {
  const { buffer, kept, pauses, failures } = open(3)
  failures.push(away)
  for (const at of [1, 2, 3, 4, 5]) buffer.add(verdict(at))
  await until(() => pauses.length === 1)
  expect([buffer.waiting, buffer.lost]).toEqual([3, 2])
  await buffer.close()
  expect(kept).toEqual([1, 4, 5])
})

test('a verdict that the log refuses for good keeps no other from it', async () => {
  const { buffer, kept, notes, failures } = open()
  failures.push(new BullpenError('INTERNAL', { reason: 'a check' }))
  buffer.add(verdict(1))
  buffer.add(verdict(2))
  await buffer.close()
  expect(kept).toEqual([2])
  expect(notes).toEqual(['a verdict was refused by the log and is not in it'])
})

test('closing tries once more and says what is lost', async () => {
  const { buffer, notes, pauses, failures } = open()
  failures.push(away, away)
  buffer.add(verdict(1))
  buffer.add(verdict(2))
  await until(() => pauses.length === 1)
  await buffer.close()
  expect(notes.at(-1)).toBe('2 verdicts could not be logged before the end and are lost')
})
