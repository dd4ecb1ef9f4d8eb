import type { Command } from 'commander'
import { formatTime, formatTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { DriftAction, DriftActions, ModelVersion } from '#core/registry'

/** What the commands need. */
export interface DriftContext {
  readonly driftActions: () => Promise<DriftActions>
  /** By number or alias. Throws MODEL_VERSION_NOT_FOUND, UNKNOWN_NAME. */
  readonly lookUp: (name: string) => Promise<ModelVersion>
  readonly userName: () => string
  readonly answer: <T>(value: T, lines: (value: T) => readonly string[]) => void
}

const driftExamples = `
Examples:
  $ bullpen models drift
  $ bullpen models drift 3 --json`

const reinstateExamples = `
A served model acts again within a minute. Drift that is confirmed anew demotes it again.

Examples:
  $ bullpen models reinstate 3 --why "the exchange's feed was wrong for a week"`

/** `bullpen models drift` and `reinstate`: what watching a version led to, and taking a demotion back. */
export function addDriftCommands(models: Command, { driftActions, lookUp, userName, answer }: DriftContext): void {
  models
    .command('drift [version]')
    .description('what watching a version (default champion) led to: demotions, rollbacks, wishes to retrain')
    .addHelpText('after', driftExamples)
    .action(async (name = 'champion') => {
      const { version } = await lookUp(String(name))
      answer({ version, actions: await (await driftActions()).of(version) }, ({ actions }) =>
        actions.length === 0 ? [`nothing has followed from watching version ${version}`] : actions.map(actionLine),
      )
    })

  models
    .command('reinstate <version>')
    .description('let a version that drift demoted to hold act again')
    .requiredOption('--why <text>', 'kept with your name')
    .addHelpText('after', reinstateExamples)
    .action(async (name: string, { why }: { why: string }) => {
      if (why.trim() === '') throw new BullpenError('USAGE', { reason: '--why says nothing' })
      const { version } = await lookUp(name)
      const count = await (await driftActions()).reinstate(version, { at: Date.now(), by: userName(), why })
      if (count === 0) throw new BullpenError('NOT_DEMOTED', { version })
      answer({ version, reinstated: count }, () => [`version ${version} acts again, reinstated for ${count} series`])
    })
}

function actionLine({ kind, symbol, widthMs, at, reason, reinstated }: DriftAction): string {
  const end = reinstated ? `; reinstated ${formatTime(reinstated.at)} by ${reinstated.by}: ${reinstated.why}` : ''
  return `${formatTime(at)}  ${kind}  ${symbol} ${formatTimeframe(widthMs)}  ${reason}${end}`
}
