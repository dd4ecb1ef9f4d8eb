import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { MemoryRunStore } from '#platform/memory'
import { identify } from '#platform/processes'
import { describeHolder, HeldRuns, isDeadHere, RunHold, takeRun, thisHolder } from '../index.ts'

/** Time that passes when told, with the calls planned for it. */
class Timeline {
  now = 0
  private plans: { at: number; work: () => void }[] = []

  readonly clock = (): number => this.now

  readonly schedule = (ms: number, work: () => void): (() => void) => {
    const plan = { at: this.now + ms, work }
    this.plans.push(plan)
    return () => {
      this.plans = this.plans.filter((one) => one !== plan)
    }
  }

  /** Goes on by `ms`, one planned call after another, letting each have its effect. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms
    for (;;) {
      const next = this.plans.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      this.now = next ? Math.max(this.now, next.at) : end
      if (!next) return
      this.plans = this.plans.filter((plan) => plan !== next)
      next.work()
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    }
  }
}

const ttlMs = 30_000

async function setUp({ graceMs = 0 } = {}) {
  const time = new Timeline()
  const runs = new MemoryRunStore(time.clock)
  await runs.create('r', {})
  const token = await runs.hold('r', 'a', ttlMs)
  let isAway = false
  const unreachable = () => Promise.reject(new BullpenError('DATABASE_UNAVAILABLE', { database: 'x', reason: 'y' }))
  const flaky = {
    renewHold: (...args: Parameters<MemoryRunStore['renewHold']>) => (isAway ? unreachable() : runs.renewHold(...args)),
    releaseHold: runs.releaseHold.bind(runs),
  }
  const { clock, schedule } = time
  const heard: (string | null)[] = []
  const onRenewal = (error: BullpenError | null): void => void heard.push(error && error.code)
  const hold = new RunHold({ runs: flaky, runId: 'r', token, ttlMs, graceMs, onRenewal, clock, schedule })
  return { time, runs, hold, heard, away: (value: boolean) => (isAway = value) }
}

test('a hold is renewed as long as it is not released', async () => {
  const { time, runs, hold } = await setUp()
  await time.pass(10 * ttlMs)
  await expect(runs.hold('r', 'b', ttlMs)).rejects.toMatchObject({ code: 'RUN_HELD' })
  await hold.ready()
  await hold.release()
  expect(await runs.holder('r')).toBeNull()
})

test('a store away for longer than the hold makes writers wait, and the run goes on when it is back', async () => {
  const { time, runs, hold, heard, away } = await setUp({ graceMs: 900_000 })
  away(true)
  await time.pass(4 * ttlMs)
  expect(new Set(heard)).toEqual(new Set(['DATABASE_UNAVAILABLE']))
  const held = new HeldRuns(runs, hold)
  let isWritten = false
  const writing = held.transition('r', 'features').then(() => (isWritten = true))
  await time.pass(ttlMs)
  expect(isWritten).toBe(false)
  away(false)
  await time.pass(ttlMs)
  await writing
  expect((await runs.get('r')).state).toBe('features')
  expect(heard.at(-1)).toBeNull()
  expect(hold.signal.aborted).toBe(false)
})

test('a store away for longer than is allowed loses the run', async () => {
  const { time, hold, away } = await setUp()
  away(true)
  await time.pass(2 * ttlMs)
  expect(hold.signal.reason).toMatchObject({ code: 'RUN_HOLD_LOST' })
})

test('a run that somebody else has had since is lost, and nothing more is written', async () => {
  const { time, runs, hold, away } = await setUp({ graceMs: 900_000 })
  away(true)
  await time.pass(2 * ttlMs)
  const other = await runs.hold('r', 'b', ttlMs)
  await runs.transition('r', 'done', {}, other)
  await runs.releaseHold('r', other)
  away(false)
  const writing = expect(new HeldRuns(runs, hold).transition('r', 'search')).rejects.toMatchObject({
    code: 'RUN_HOLD_LOST',
  })
  await time.pass(ttlMs)
  await writing
  expect(hold.isLost).toBe(true)
  expect((await runs.get('r')).state).toBe('done')
})

test('a transition refused because the hold had lapsed unnoticed is made after a renewal', async () => {
  const { time, runs, hold } = await setUp()
  const held = new HeldRuns(runs, hold)
  const transition = runs.transition.bind(runs)
  let refusals = 0
  runs.transition = (...args) =>
    refusals++ === 0 ? Promise.reject(new BullpenError('RUN_HOLD_LOST', { run: 'r' })) : transition(...args)
  await held.transition('r', 'fit')
  expect((await runs.get('r')).state).toBe('fit')
  await time.pass(1)
})

test('a wish to cancel interrupts the run, which can still be marked', async () => {
  const { time, runs, hold } = await setUp()
  await runs.requestCancel('r')
  await time.pass(ttlMs / 3)
  expect(hold.signal.reason).toMatchObject({ code: 'INTERRUPTED' })
  await new HeldRuns(runs, hold).transition('r', 'interrupted')
})

const taking = (runs: MemoryRunStore, more: object = {}) => ({
  runs,
  runId: 'r',
  note: () => undefined,
  signal: new AbortController().signal,
  pollMs: 1,
  ...more,
})

test('a run is taken over at once from a dead process of this machine, and refused while it lives', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const [, , namespace] = thisHolder().split('/')
  const holder = [hostname(), child.pid, namespace, identify(child.pid!)!.started].join('/')
  const runs = new MemoryRunStore()
  await runs.create('r', {})
  await runs.hold('r', holder, 60_000)
  expect(isDeadHere(holder)).toBe(false)
  const people = `${hostname()} (process ${child.pid})`
  await expect(takeRun(taking(runs))).rejects.toMatchObject({ code: 'RUN_HELD', details: { holder: people } })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const notes: string[] = []
  const hold = await takeRun(taking(runs, { note: (text: string) => notes.push(text) }))
  expect(notes).toEqual([`taking run r over from ${people}, which is dead`])
  await hold.release()
})

test('the hold of another machine is waited out, and refused when it is renewed', async () => {
  const runs = new MemoryRunStore()
  await runs.create('r', {})
  const elsewhere = 'elsewhere/7/1/boot/5'
  expect(isDeadHere(elsewhere)).toBe(false)
  const token = await runs.hold('r', elsewhere, 60_000)
  const refused = expect(takeRun(taking(runs))).rejects.toMatchObject({ code: 'RUN_HELD' })
  while ((await runs.renewHold('r', token, 90_000)) !== 'held') continue
  await refused
  await runs.releaseHold('r', token)
  await runs.hold('r', elsewhere, 20)
  await (await takeRun(taking(runs))).release()
})

test('waiting for another machine can be interrupted', async () => {
  const runs = new MemoryRunStore()
  await runs.create('r', {})
  await runs.hold('r', 'elsewhere/7/1/boot/5', 60_000)
  const signal = AbortSignal.abort(new BullpenError('INTERRUPTED', { reason: 'asked to stop' }))
  await expect(takeRun(taking(runs, { signal }))).rejects.toMatchObject({ code: 'INTERRUPTED' })
})

test('a holder that is no name of a process is shown as it is', () => {
  expect(describeHolder('somebody')).toBe('somebody')
  expect(isDeadHere('somebody')).toBe(false)
})
