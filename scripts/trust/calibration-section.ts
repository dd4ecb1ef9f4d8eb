import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { CalibrationRow } from '../../bench/calibration.ts'
import { markdownTable, percent, type TrustSection } from './trust-section.ts'

/** Labels whose calibration is shown, the reference's first. */
const labels = ['swing', 'triple-barrier'] as const

/** Coverage that the conformal policy of the benchmark asks for. */
const asked = 0.8

/** Calibration, abstention and thresholds on later rows, by `bench:calibration` on the candles of `TRUST_CANDLES`. */
export const calibrationSection: TrustSection = {
  name: 'calibration',
  async write(note: (text: string) => void): Promise<string> {
    const source = process.env['TRUST_CANDLES'] ?? 'sample:btcusdt-4h'
    const tables: string[] = []
    for (const label of labels) {
      note(label)
      tables.push(`**${label}**`, blocksTable(await measured(source, label)))
    }
    return tables.join('\n\n')
  },
}

async function measured(source: string, label: string): Promise<CalibrationRow[]> {
  const program = resolve('dist/bench/calibration.js')
  const { stdout } = await promisify(execFile)(process.execPath, [program, source, label, '--json'])
  return JSON.parse(stdout) as CalibrationRow[]
}

/** Platt's calibration, which docs/decisions/0014 recommends, beside none. */
function blocksTable(rows: readonly CalibrationRow[]): string {
  const blocks = [...new Set(rows.map(({ block }) => block))]
  const head = [
    'block',
    'rows',
    'log loss before',
    'after',
    'calibration error before',
    'after',
    `sets that hold the truth (${percent(asked, 1)} asked)`,
    'sets of one class',
    'bought',
    'sold',
    'buying at every bar',
  ]
  return markdownTable(
    head,
    blocks.map((block) => {
      const of = (kind: CalibrationRow['kind'], policy: CalibrationRow['policy']) =>
        rows.find((row) => row.block === block && row.kind === kind && row.policy === policy)!
      const [before, after, acting] = [of('none', 'argmax'), of('platt', 'conformal'), of('platt', 'expected-value')]
      return [
        String(block + 1),
        String(after.tested),
        before.logLoss.toFixed(4),
        after.logLoss.toFixed(4),
        percent(before.ece, 1),
        percent(after.ece, 1),
        percent(after.coverage ?? NaN, 1),
        percent(after.single ?? NaN, 1),
        ...[acting.buy, acting.sell].map((acted) =>
          acted && acted.rows > 0 ? `${acted.rows} x ${basisPoints(acted.meanReturn)}` : 'never',
        ),
        basisPoints(acting.alwaysBuy ?? NaN),
      ]
    }),
  )
}

function basisPoints(share: number): string {
  return `${share < 0 ? '' : '+'}${(share * 1e4).toFixed(0)} bp`
}
