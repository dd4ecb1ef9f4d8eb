import { hostname } from 'node:os'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Rental } from '#core/protocol'
import { pause } from '#platform/attempts'
import { MemoryBooks } from '../testing/index.ts'
import { TermWatch, type TermEnd } from '../term-watch.ts'

const start = 1_700_000_000_000
const second = 1000

describe('whoever follows the term of a rental', () => {
  let books: MemoryBooks
  let rental: Rental
  let told: AbortController
  let renewals: number[]
  let notes: string[]
  let end: TermEnd | undefined

  beforeEach(async () => {
    jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
    books = new MemoryBooks()
    told = new AbortController()
    renewals = []
    notes = []
    end = undefined
    const at = { now: start, endsAt: start + 30 * second }
    const planned = [{ name: 'worker-1', kind: 'worker', place: '', price: null } as const]
    rental = (await books.ledger.book('blue', 'local', planned, at))[0]!
  })
  afterEach(async () => {
    told.abort()
    await pass(60)
    jest.useRealTimers()
  })

  const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * second)
  const tell = (endsAt: number): Promise<void> => {
    renewals.push((endsAt - start) / second)
    return Promise.resolve()
  }
  /** Looks every two seconds; `end` is set when the rental must end. */
  const watch = (onRenewal: (endsAt: number) => Promise<void> = tell): void => {
    const note = (text: string) => {
      notes.push(text)
    }
    const one = new TermWatch(rental, { books, pollMs: 2 * second, signal: told.signal, note, onRenewal })
    void one.over(new AbortController().signal).then((over) => (end = over))
  }
  const renewTo = (seconds: number) => {
    return books.ledger.renew('blue', { now: Date.now(), endsAt: start + seconds * second })
  }

  test('ends it when its term is over, and not before', async () => {
    watch()
    await pass(29)
    expect(end).toBeUndefined()
    await pass(1)
    expect(end).toEqual({ kind: 'lapsed', because: 'its term was over' })
  })

  test('tells the ledger where it exists, as soon as the ledger can be told', async () => {
    books.isAway = true
    watch()
    await pass(5)
    expect(notes[0]).toMatch(/^the ledger cannot be read: /)
    books.isAway = false
    await pass(2)
    const { startedAt, place } = (await books.ledger.rental(rental.id))!
    expect([startedAt! - start, place]).toEqual([6 * second, hostname()])
  })

  test('lets it live for as long as the term is renewed, and says each new end', async () => {
    watch()
    await pass(29)
    await renewTo(60)
    await pass(20)
    await renewTo(70)
    await pass(20)
    expect(end).toBeUndefined()
    expect(renewals).toEqual([60, 70])
    await pass(1)
    expect(end).toMatchObject({ kind: 'lapsed' })
  })

  test('sees a renewal that it learns of only at the very end of the term', async () => {
    watch()
    await pass(29)
    books.isAway = true
    await renewTo(60)
    await pass(0.999)
    books.isAway = false
    await pass(1)
    expect([end, renewals]).toEqual([undefined, [60]])
  })

  test('goes by the last end it knows while the database is away, and no further', async () => {
    watch()
    await renewTo(40)
    await pass(2)
    books.isAway = true
    await renewTo(90)
    await pass(37)
    expect(end).toBeUndefined()
    await pass(3)
    expect(end).toMatchObject({ kind: 'lapsed' })
    expect(renewals).toEqual([40])
  })

  test('learns of a renewal from a database that answers slower than it is asked', async () => {
    const use = books.use.bind(books)
    let asked = 0
    books.use = async (work) => {
      asked++
      await pause(5 * second)
      return use(work)
    }
    watch()
    await pass(10)
    await renewTo(60)
    await pass(25)
    expect([end, renewals]).toEqual([undefined, [60]])
    expect(asked).toBeLessThanOrEqual(35 / 5 + 1)
  })

  test('ends it at its term although a database that was asked never answers', async () => {
    books.use = () => new Promise(() => undefined)
    watch()
    await pass(34)
    expect(end).toMatchObject({ kind: 'lapsed' })
  })

  test('ends it when the ledger says that it has ended', async () => {
    watch()
    await pass(5)
    await books.ledger.ended(rental.id, 'cluster down', Date.now())
    await pass(2)
    expect(end).toEqual({ kind: 'ended', because: 'the ledger said that it had ended: cluster down' })
  })

  test('ends it at once when told to', async () => {
    watch()
    await pass(5)
    told.abort()
    await pass(0)
    expect(end).toMatchObject({ kind: 'stop' })
  })

  test('goes by the new end although its file could not be written', async () => {
    watch(() => Promise.reject(new Error('no space')))
    await renewTo(60)
    await pass(40)
    expect(end).toBeUndefined()
    expect(notes).toEqual([expect.stringContaining('its file could not be written')])
  })
})
