import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDatabase, PostgresRentalLedger, PostgresRunStore, type Database } from '#platform/postgres'
import type { RunCost } from '../coordinator/cost/index.ts'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, smallRun, startBullpen, type RunningCommand } from './testing/command.ts'

const { home, remove } = makeHome()
const small = [...smallRun, '--engine', 'wasm']
const [, , ...smallest] = small
/** Two runs that go on until they are stopped: 5,000 trials, which a budget of 5 USD for hours of this machine lets begin. */
const endless = [...smallest, '--trials', '5000', '--price', '1', '--budget', '5']

const sources = ['sample:btcusdt-4h', 'sample:ethusdt-4h']

let database: Database
let rentals: PostgresRentalLedger
let sharing: RunningCommand
let spending: RunningCommand
/** Rentals that make these two dear while they search. */
let dear: readonly Promise<string>[]

beforeAll(async () => {
  database = await openDatabase({ home, onNote: () => undefined })
  rentals = new PostgresRentalLedger(database)
  const many = sources.flatMap((source) => ['--candles', source])
  sharing = startBullpen(['train', ...many, ...endless], home)
  spending = startBullpen(['train', '--candles', 'sample:btcusdt-4h', '--threads', '1', ...endless], home)
  // From now on 5 USD last for 40 s: too little to ask for a trial and judge, enough to judge what there is.
  const both = Promise.all(sources.map((source) => searching(sharing, source)))
  const enough = both.then(([runId]) => rentBeside(runId!, 450))
  // And for the other run for no time at all.
  dear = [enough, searching(spending).then((runId) => rentBeside(runId, 5_000_000))]
  for (const each of dear) each.catch(() => undefined)
})
afterAll(async () => {
  await database.close()
  remove()
})

/** Puts a machine beside a run that pays `perHour` for it from now on, as if it had been rented: what is spent grows faster. */
async function rentBeside(runId: string, perHour: number): Promise<string> {
  const now = Date.now()
  const plan = { name: 'worker-1', kind: 'worker', place: 'dear', price: { perHour, currency: 'USD' } } as const
  const [rental] = await rentals.book(`for-${runId.slice(-6)}`, 'local', [plan], { now, endsAt: now + 600_000 })
  await rentals.started(rental!.id, 'dear', now)
  await rentals.assign(rental!.cluster, runId)
  return rental!.id
}

/** The run of a command, once it searches. */
async function searching({ saw, stderr }: RunningCommand, source = ''): Promise<string> {
  await saw(new RegExp(`${source}.*search: started`))
  return new RegExp(`${source}.*run (\\S+)`).exec(stderr())![1]!
}

const priceOf = (amounts: Readonly<Record<string, number>>) => amounts['USD']!

test.each([
  ['a run on this machine', ['train', '--budget', '0.01']],
  ['a cluster, before anything of it is booked', ['weekly', '--target', 'local', '--name', 'refused', '--budget', '3']],
])('a budget too small for %s is refused with status 2', async (_, [command, ...options]) => {
  const { status, stderr } = await bullpen([command!, ...small, ...options, '--price', '60'], home)
  expect(stderr).toMatch(/BUDGET_TOO_SMALL.*a budget of \S+ USD is too small/)
  expect(status).toBe(2)
  expect(await rentals.list({ cluster: 'refused' })).toEqual([])
})

test('series that share a budget are both judged with the trials they have when one of them spends it', async () => {
  for (const source of sources) {
    await sharing.saw(new RegExp(`${source}: the budget ends the search after \\d+ of 5000 trials`))
  }
  // The dear machine goes, so that a slow one has time to judge.
  await rentals.ended(await dear[0]!, 'given back', Date.now())
  const { status, stdout } = await sharing.done
  expect(status).toBe(0)
  const outcomes = (JSON.parse(stdout) as { outcome: TrainingOutcome }[]).map(({ outcome }) => outcome)
  for (const { search, model, reportPath } of outcomes) {
    expect(search.cut).toEqual({ trials: search.trials.length, of: 5000 })
    expect(model.version).toBeGreaterThan(0)
    expect(readFileSync(reportPath, 'utf8')).toContain(`${search.trials.length} of 5000`)
  }
  // The gate corrects for the trials that were made, not for those that were asked for.
  const { promotion, search } = outcomes[0]!
  expect(promotion.evidence).toMatchObject({ runTrials: search.trials.length })
  const { cost } = documentOf<{ cost: RunCost }>(await bullpen(['runs', 'show', outcomes[0]!.runId, '--json'], home))
  expect(priceOf(cost.amounts)).toBeLessThanOrEqual(5)
}, 120_000)

test('a run is stopped when no more than the teardown can be paid, and says so and how to go on', async () => {
  const { status, stderr } = await spending.done
  await rentals.ended(await dear[1]!, 'given back', Date.now())
  expect(stderr).toMatch(/BUDGET_SPENT.*of 5.00 USD no more than the teardown is left/)
  const [, runId] = /to go on: bullpen train --resume (\S+)/.exec(stderr)!
  expect(status).toBe(1)
  expect(await new PostgresRunStore(database).get(runId!)).toMatchObject({ error: { code: 'BUDGET_SPENT' } })
}, 120_000)

test('outcome, report, registry and runs tell one price', async () => {
  const outcome = documentOf<TrainingOutcome>(
    await bullpen(['train', ...small, '--trials', '2', '--price', '36'], home),
  )
  const { cost, runId, model, reportPath } = outcome
  const [line] = cost!.lines
  expect(line).toMatchObject({ kind: 'worker', things: 1, price: { perHour: 36, currency: 'USD' } })
  expect(priceOf(cost!.amounts)).toBeCloseTo((line!.seconds / 3600) * 36, 9)
  expect(cost!.hosts).toMatchObject([{ name: 'this machine', amount: priceOf(cost!.amounts) }])
  expect(cost!.trials.map(({ number }) => number)).toEqual([0, 1])
  const ofTrials = cost!.trials.reduce((sum, { amounts }) => sum + priceOf(amounts), 0)
  expect(ofTrials).toBeGreaterThan(0)
  expect(ofTrials).toBeLessThan(priceOf(cost!.amounts))
  expect(readFileSync(reportPath, 'utf8')).toContain(cost!.words)
  const shown = await Promise.all([
    bullpen(['runs', 'show', runId, '--json'], home),
    bullpen(['models', 'show', String(model.version), '--json'], home),
  ])
  for (const document of shown) expect(documentOf<{ cost: RunCost }>(document).cost).toEqual(cost)
  const lines = await bullpen(['models', 'show', String(model.version)], home)
  expect(lines.stdout).toContain(`price     ${cost!.words}\n`)
}, 120_000)

test('the price of a run that was resumed is that of all the times it was worked on', async () => {
  const priced = ['--price', '36', '--json']
  const first = startBullpen(['train', ...small, '--trials', '10', ...priced], home)
  await first.saw(/trial 6\b/)
  first.child.kill('SIGINT')
  const [, runId] = /to go on: bullpen train --resume (\S+)/.exec((await first.done).stderr)!
  // As if it had been an hour: how long the two parts take is for nobody to say.
  const longer = "UPDATE bullpen.held_times SET began_at = began_at - interval '1 hour' WHERE run_id = $1"
  await database.query(longer, [runId])
  const { cost } = documentOf<TrainingOutcome>(await bullpen(['train', '--resume', runId!, ...priced], home))
  const held = await new PostgresRunStore(database).heldTimes(runId!)
  const [before, after] = held.map(({ from, until }) => (until - from) / 1000) as [number, number]
  const { seconds } = cost!.hosts[0]!
  expect(before).toBeGreaterThan(3600)
  expect(seconds).toBeGreaterThan(before)
  expect(seconds).toBeLessThan(before + after)
}, 120_000)
