import type { Command } from 'commander'
import { formatTime } from '#core/candles'
import { amountsInWords, moneyInWords } from '#core/cost'
import { BullpenError } from '#core/errors'
import type { DataSetRecord, TrialRecord } from '#core/registry'
import { writeAtomically } from '#platform/files'
import { wholeNumber } from '#platform/options'
import { knownCostOf, type HostCost, type RunCost } from '../cost/index.ts'
import { duration } from '../durations.ts'
import { cancelRun, viewRun, watchRun, type RunView } from '../runs/index.ts'
import type { StageTiming } from '../training/stage-timer.ts'
import type { Session } from './session.ts'

interface RunDocument extends RunView {
  readonly stages: readonly StageTiming[]
  readonly modelVersion: number | null
  /** Until now, or until the end; as the run itself told where nothing rented is known. Null: it never told. */
  readonly cost: RunCost | null
  readonly dataSets: readonly DataSetRecord[]
  readonly history: readonly Pick<TrialRecord, 'number' | 'state' | 'score' | 'parameters' | 'durationMs'>[]
}

/** `bullpen runs`: what is being trained, what was, and how to stop it. */
export function addRunsCommands(program: Command, session: Session): void {
  const runs = program.command('runs').description('list, show, watch and cancel training runs')

  runs
    .command('list')
    .description('runs, newest first: state, trials, best score beside the naive baseline, who works on it')
    .option('--limit <n>', 'how many', wholeNumber(1, 10_000), 20)
    .addHelpText('after', examples('list', 'list --limit 100 --json'))
    .action(async ({ limit }: { limit: number }) => {
      const store = await session.workshop.runs()
      const views = await Promise.all((await store.list(limit)).map(async (run) => (await viewRun(run, store)).view))
      session.answer(views, (all) => (all.length === 0 ? ['no run yet: bullpen train'] : all.map(viewLine)))
    })

  runs
    .command('show <run>')
    .description('one run: its stages, data sets and trials')
    .addHelpText('after', examples('show 20200101-120000-1f3a9c', 'show 20200101-120000-1f3a9c --json'))
    .action(async (id: string) => {
      session.answer(await documentOf(id, session), documentLines)
    })

  runs
    .command('report <run>')
    .description('write the report of a finished run, wherever it was trained, to a file')
    .option('--out <file>', 'where to (default: report-<run>.html in the current folder)')
    .addHelpText('after', examples('report 20200101-120000-1f3a9c --out report.html'))
    .action(async (id: string, { out = `report-${id}.html` }: { out?: string }) => {
      const { workshop } = session
      const { summary } = await (await workshop.runs()).get(id)
      const name = summary?.['reportObject']
      if (typeof name !== 'string') throw new BullpenError('USAGE', { reason: `run ${id} has no report` })
      await writeAtomically(out, await workshop.objects().get(name))
      session.answer({ run: id, report: out }, ({ report }) => [`report   ${report}`])
    })

  runs
    .command('watch <run>')
    .description('follow a run, wherever it is conducted, until it ends')
    .addHelpText('after', examples('watch 20200101-120000-1f3a9c'))
    .action(async (id: string) => {
      const { progress, now, signal, workshop } = session
      const view = await watchRun({ runs: await workshop.runs(), runId: id, progress, now, signal })
      session.answer(view, (one) => [viewLine(one)])
    })

  runs
    .command('cancel <run>')
    .description('stop a run, wherever it is conducted; what is recorded stays, and --resume goes on')
    .addHelpText('after', examples('cancel 20200101-120000-1f3a9c'))
    .action(async (id: string) => {
      const { signal, workshop } = session
      const note = (text: string): void => {
        session.note(text)
      }
      const [store, ledger] = [await workshop.runs(), await workshop.ledger()]
      session.answer(await cancelRun({ runs: store, ledger, runId: id, note, signal }), ({ run, state, cancelled }) => [
        cancelled ? `run ${run} is cancelled (${state})` : `run ${run} had ended before: ${state}`,
      ])
    })
}

async function documentOf(id: string, { workshop, now }: Session): Promise<RunDocument> {
  const store = await workshop.runs()
  const run = await store.get(id)
  const { view, trials } = await viewRun(run, store)
  // The summary of a finished run is its outcome document.
  const summary = run.summary as { stages?: StageTiming[]; model?: { version: number } } | null
  return {
    ...view,
    stages: summary?.stages ?? [],
    modelVersion: summary?.model?.version ?? null,
    cost: await knownCostOf(run, trials, await workshop.rentals(), now()),
    dataSets: await store.dataSets(id),
    history: trials.map(({ number, state, score, parameters, durationMs }) => ({
      number,
      state,
      score,
      parameters,
      durationMs,
    })),
  }
}

function viewLine({ id, state, createdAt, trials, best, holder }: RunView): string {
  const score = best === null ? 'no score yet' : `best ${best.score.toFixed(4)}${beside(best.naive)}`
  const who = holder === null ? '' : `  ${holder}`
  return `${id}  ${formatTime(createdAt)}  ${state.padEnd(11)}  ${trials.done}/${trials.of} trials  ${score}${who}`
}

function beside(naive: number | null): string {
  return naive === null ? '' : ` (naive ${naive.toFixed(4)})`
}

function documentLines(run: RunDocument): string[] {
  return [
    viewLine(run),
    ...(run.error === null ? [] : [`error     ${run.error.code}: ${run.error.message}`]),
    ...(run.modelVersion === null ? [] : [`model     version ${run.modelVersion}`]),
    `price     ${run.cost?.words ?? 'not known: nothing was rented for it'}`,
    ...(run.cost?.hosts.map(hostLine) ?? []),
    ...run.dataSets.map(({ kind, sha256, rows, columns }) => `data      ${kind} ${sha256}, ${rows} x ${columns}`),
    ...run.stages.map(({ stage, ms, tasks }) => `stage     ${stage.padEnd(10)} ${duration(ms)}, ${tasks} tasks`),
    ...run.history.map(({ number, state, score, durationMs }) => {
      const result = score === null ? state : `${state} ${score.toFixed(4)}`
      const price = run.cost?.trials.find((trial) => trial.number === number)?.amounts ?? {}
      return `trial ${String(number).padStart(3)} ${result}  ${duration(durationMs)}  ${amountsInWords(price)}`.trimEnd()
    }),
  ]
}

function hostLine({ name, place, seconds, price, amount }: HostCost): string {
  const money = price === null || amount === null ? 'no price is known' : moneyInWords(amount, price.currency)
  return `host      ${name}${place === '' ? '' : ` at ${place}`}  ${duration(seconds * 1000)}  ${money}`
}

function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  $ bullpen runs ${line}`)].join('\n')
}
