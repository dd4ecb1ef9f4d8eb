import type { CandleSeries } from '#core/candles'
import { naiveRocAucOvrWeighted, scoreCard, scoreRows } from '#core/evaluation'
import { Random } from '#core/random'
import type { OutOfSampleRecord, ScoreCard, TrialRecord } from '#core/registry'
import { exampleEvidence } from '#core/registry/testing'
import { classProbabilities, verdictOf } from '#core/verdict'
import type { ReportData } from '../report-data.ts'

const widthMs = 14_400_000

/** Knobs of {@link sampleReport}. `skill` from 0 (the model knows only the naive number) upward. */
export interface SampleSpec {
  readonly seed: number
  readonly rows: number
  readonly heldOutRows: number
  readonly trials: number
  readonly columns: number
  readonly skill: number
  readonly space: 'reference' | 'wide'
  /** Put before every free text, to see that it is escaped. */
  readonly prefix: string
}

/** A report as a run could have made it, from a seeded random walk; deterministic. */
export function sampleReport(spec: Partial<SampleSpec> = {}): ReportData {
  const full: SampleSpec = {
    seed: 7,
    rows: 2195,
    heldOutRows: 320,
    trials: 40,
    columns: 243,
    skill: 0.4,
    space: 'reference',
    prefix: '',
    ...spec,
  }
  const series = randomWalk(full)
  const heldOut = heldOutRows(full, series)
  const metrics = scoreRows({ ...heldOut, weight: new Float64Array(heldOut.target.length).fill(1) })
  const trials = sampleTrials(full, naiveRocAucOvrWeighted(heldOut.naive, heldOut.target))
  const complete = trials.filter((trial) => trial.score !== null)
  const best = complete.reduce((a, b) => (b.score! > a.score! ? b : a))
  const columns = sampleColumns(full)
  const kept = columns.filter((column) => column.kept)
  const answers = recentAnswers(full, series, heldOut)
  const newestProbabilities = classProbabilities(answers.probabilities.subarray(-3))
  const text = (value: string) => full.prefix + value
  return {
    runId: text('2026-11-22T20-00-00Z-7f3a'),
    createdAt: Date.UTC(2026, 10, 22, 20, 4),
    version: 3,
    promotion: {
      promoted: true,
      text: text('+70.0 % a year after costs against version 2 on 1,200 forward rows'),
      evidence: exampleEvidence(),
    },
    series,
    newest: {
      openTime: series.openTime[series.rows - 1]!,
      verdict: verdictOf(newestProbabilities),
      probabilities: newestProbabilities,
    },
    heldOut,
    answers,
    labels: {
      rows: 1_890,
      counts: { sell: 612, hold: 655, buy: 623 },
      meanBars: 9.2,
      averageUniqueness: 0.108,
      meanConcurrency: 9.2,
      effectiveRows: 204.3,
      exits: {
        long: { 'take-profit': 0.31, 'stop-loss': 0.61, 'time-limit': 0.08 },
        short: { 'take-profit': 0.29, 'stop-loss': 0.63, 'time-limit': 0.08 },
      },
    },
    trials,
    bestTrial: best.number,
    selection: {
      columns,
      case: text('union of the buy and the sell list'),
      finalGain: kept.map((column, i) => ({ name: column.name, gain: 900 * Math.exp(-i / 9) * (0.6 + (i % 5) / 6) })),
    },
    stages: [
      { stage: 'candles', ms: 140, tasks: 1 },
      { stage: 'features', ms: 96, tasks: 1 },
      { stage: 'selection', ms: 9_300, tasks: 24 },
      { stage: 'search', ms: 41_200, tasks: full.trials },
      { stage: 'fit', ms: 2_150, tasks: 1 },
      { stage: 'score', ms: 210, tasks: 1 },
      { stage: 'register', ms: 480, tasks: 1 },
    ],
    threads: 2,
    cost: text('0.43 USD: 2 workers x 0.2 h at 1.08 USD/h'),
    manifest: {
      model: { sha256: 'b3'.repeat(32), bytes: 1_482_330, format: 'xgboost-json' },
      contract: {
        featureSet: text('reference'),
        featureSetHash: 'a1'.repeat(32),
        columns: kept.map((column) => column.name),
        policy: { kind: 'argmax' },
      },
      label: { name: text('swing'), parameters: { take: 0.015, stop: 0.015, window: 9 } },
      data: {
        sha256: 'd4'.repeat(32),
        source: text('sample:btcusdt-4h'),
        symbol: series.symbol,
        widthMs,
        rows: series.rows,
        firstOpenTime: series.openTime[0]!,
        lastOpenTime: series.openTime[series.rows - 1]!,
        gaps: 1,
      },
      splits: { kind: text('purged'), folds: 3, embargo: 60 },
      search: { space: text(full.space), sampler: 'tpe', pruner: 'median', trials: full.trials, batch: 4 },
      seed: full.seed,
      parameters: best.parameters,
      crossValidation: scoreCard(
        { ...metrics, rocAucOvrWeighted: best.score!, naiveRocAucOvrWeighted: best.score! - 0.012 },
        series.rows - heldOut.target.length,
      ),
      heldOut: scoreCard(metrics, heldOut.target.length),
      outOfSample: sampleOuterSteps(series, scoreCard(metrics, heldOut.target.length)),
      engine: { name: 'native', version: '1.7.4' },
      versions: { bullpen: '0.1.0', node: '20.19.5' },
      gitCommit: '369674a0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6',
      runId: text('2026-11-22T20-00-00Z-7f3a'),
      notes: [
        text('Moving averages look back without bound; this is stated here, not purged.'),
        text('1 gap of 2 bars was kept: windows count bars, not hours.'),
      ],
    },
  }
}

function sampleOuterSteps({ openTime, rows }: CandleSeries, score: ScoreCard): OutOfSampleRecord {
  const stepOf = (step: number) => {
    const from = Math.floor(rows * (0.5 + 0.1 * step))
    const lift = score.lift + 0.01 * (step - 1)
    return {
      step,
      trainRows: from - 360,
      firstOpenTime: openTime[from]!,
      lastOpenTime: openTime[Math.floor(from + rows * 0.1) - 1]!,
      score: { ...score, rows: Math.floor(rows * 0.1), rocAucOvrWeighted: score.naiveRocAucOvrWeighted + lift, lift },
    }
  }
  return { predictions: 'e5'.repeat(32), window: 'expanding', score, steps: [0, 1, 2].map(stepOf) }
}

function randomWalk({ seed, rows, prefix }: SampleSpec): CandleSeries {
  const random = Random.of(seed, 'walk')
  const column = () => new Float64Array(rows)
  const series = {
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  }
  let price = 9_200
  let spread = 0.008
  for (let t = 0; t < rows; t++) {
    spread = 0.003 + 0.93 * (spread - 0.003) + 0.0007 * Math.abs(random.normal())
    const close = price * Math.exp(0.0002 + spread * random.normal())
    series.openTime[t] = Date.UTC(2020, 0, 1) + t * widthMs
    series.open[t] = price
    series.close[t] = close
    series.high[t] = Math.max(price, close) * (1 + spread * 0.6 * random.uniform())
    series.low[t] = Math.min(price, close) * (1 - spread * 0.6 * random.uniform())
    series.volume[t] = 4_000 * Math.exp(50 * spread + 0.4 * random.normal())
    price = close
  }
  return {
    symbol: `${prefix}BTC/USDT`,
    widthMs,
    rows,
    ...series,
    gaps: [],
    segments: [{ start: 0, end: rows }],
    duplicatesDropped: 0,
  }
}

/** Targets lean on the naive number as the real label does; the model sees that number and, with skill, a little more. */
function heldOutRows({ seed, heldOutRows: rows, skill }: SampleSpec, series: CandleSeries): ReportData['heldOut'] {
  const random = Random.of(seed, 'held-out')
  const first = series.rows - rows - 20
  const rowIndexes = Int32Array.from({ length: rows }, (_, i) => first + i)
  const target = new Int8Array(rows)
  const naive = new Float64Array(rows)
  const probabilities = new Float64Array(rows * 3)
  for (let i = 0; i < rows; i++) {
    const known = random.normal()
    const hidden = random.normal()
    const move = known + 0.6 * hidden + 0.5 * random.normal()
    target[i] = move > 0.7 ? 1 : move < -0.7 ? -1 : 0
    naive[i] = known * 0.012
    probabilities.set(softmax(1.5 * (known + skill * hidden) + 0.35 * random.normal()), i * 3)
  }
  return {
    rowIndexes,
    openTime: Float64Array.from(rowIndexes, (row) => series.openTime[row]!),
    target,
    probabilities,
    raw: probabilities,
    naive,
  }
}

function recentAnswers(
  { seed }: SampleSpec,
  series: CandleSeries,
  heldOut: ReportData['heldOut'],
): ReportData['answers'] {
  const random = Random.of(seed, 'recent')
  const first = heldOut.rowIndexes[0]!
  const rowIndexes = Int32Array.from({ length: series.rows - first }, (_, i) => first + i)
  const probabilities = new Float64Array(rowIndexes.length * 3)
  probabilities.set(heldOut.probabilities)
  for (let i = heldOut.target.length; i < rowIndexes.length; i++)
    probabilities.set(softmax(0.8 + random.normal()), i * 3)
  return { rowIndexes, probabilities }
}

function softmax(lean: number): number[] {
  const weights = [Math.exp(-lean), 1.4, Math.exp(lean)]
  const total = weights[0]! + weights[1]! + weights[2]!
  return weights.map((weight) => weight / total)
}

function sampleTrials({ seed, trials, space }: SampleSpec, naive: number): TrialRecord[] {
  return Array.from({ length: trials }, (_, number) => {
    const random = Random.of(seed, 'trial', number)
    const focus = Math.min(1, number / 25)
    const rate = 0.01 + 0.09 * (focus * 0.35 + (1 - focus * 0.7) * random.uniform())
    const parameters = {
      n_estimators: 100 * (1 + random.below(9)),
      learning_rate: rate,
      reg_lambda: Math.exp(Math.log(500) * random.uniform()),
      ...(space === 'wide' && {
        max_depth: 2 + random.below(8),
        min_child_weight: Math.exp(Math.log(100) * random.uniform()),
        subsample: 0.5 + 0.5 * random.uniform(),
        colsample_bytree: 0.3 + 0.7 * random.uniform(),
        gamma: 5 * random.uniform(),
        grow_policy: random.below(2) === 0 ? 'depthwise' : 'lossguide',
      }),
    }
    const state = number % 13 === 12 ? 'failed' : number % 6 === 5 ? 'pruned' : 'complete'
    const score = naive + 0.014 - 9 * (rate - 0.042) ** 2 - 0.002 * Math.abs(random.normal())
    return {
      number,
      state,
      parameters,
      score: state === 'complete' ? score : null,
      metrics: {},
      folds: [],
      durationMs: 1_800,
    }
  })
}

function sampleColumns({ seed, columns, prefix }: SampleSpec): ReportData['selection']['columns'][number][] {
  const stems = [
    'MA5_REL',
    'EMA200_REL_shift24',
    'RSI14_up_70_perman',
    'MACDHist_corr',
    'Close_3_to_MA15',
    'std_20_rel',
    'TSI',
  ]
  return Array.from({ length: columns }, (_, i) => {
    const random = Random.of(seed, 'column', i)
    const fade = 0.05 * Math.exp(-i / 14)
    return {
      name: `${prefix}${stems[i % stems.length]!}${i < stems.length ? '' : `_${i}`}`,
      up: fade * (0.4 + random.uniform()) - 0.0004 * random.uniform(),
      down: fade * (0.4 + random.uniform()) - 0.0004 * random.uniform(),
      kept: i < columns / 3 && i % 9 !== 8,
    }
  })
}
