import { Random } from '#core/random'

const widthMs = 4 * 3_600_000
const start = Date.UTC(2025, 10, 1)
export const stagedCandles = 240

const iso = (ms: number): string => new Date(ms).toISOString()

/** A walk of closed candles; the same for every test. */
function candles() {
  const random = Random.of(7, 'staged candles')
  let close = 64_000
  return Array.from({ length: stagedCandles }, (_, i) => {
    const open = close
    close = open * (1 + (random.uniform() - 0.49) * 0.016)
    const reach = 1 + random.uniform() * 0.004
    return {
      openTime: iso(start + i * widthMs),
      open,
      high: Math.max(open, close) * reach,
      low: Math.min(open, close) / reach,
      close,
      volume: 400 + random.uniform() * 2400,
    }
  })
}

function verdictAt(candle: { readonly openTime: string; readonly close: number }, i: number) {
  const random = Random.of(7, 'staged verdict', i)
  const raw = [random.uniform() ** 2, random.uniform() * 0.9, random.uniform() ** 2]
  const sum = raw[0]! + raw[1]! + raw[2]!
  const [sell, hold, buy] = raw.map((share) => share / sum) as [number, number, number]
  const verdict = sell > hold && sell > buy ? 'sell' : buy > hold ? 'buy' : 'hold'
  return {
    id: i + 1,
    symbol: 'BTC/USDT',
    timeframe: '4h',
    verdict,
    probabilities: { sell, hold, buy },
    candle: { openTime: candle.openTime, closeTime: iso(Date.parse(candle.openTime) + widthMs), close: candle.close },
    model: { version: 3, sha256: 'c0ffee12'.repeat(8) },
    computedAt: iso(Date.parse(candle.openTime) + widthMs + 800),
  }
}

function model(version: number, lift: number) {
  const card = (rows: number, shift: number) => ({
    rows,
    rocAucOvrWeighted: 0.781 + lift + shift,
    f1Weighted: 0.612 + lift,
    logLoss: 0.842 - lift,
    naiveRocAucOvrWeighted: 0.781 + shift,
    lift,
  })
  return {
    version,
    createdAt: iso(start - (4 - version) * 7 * 86_400_000),
    symbol: 'BTC/USDT',
    timeframe: '4h',
    sha256: String(version).repeat(64),
    metrics: { heldOut: card(842, 0), crossValidation: card(6730, -0.004) },
    aliases: version === 3 ? ['champion'] : [],
    runId: `run-2025-10-${10 + version * 7}`,
  }
}

function trials() {
  return Array.from({ length: 48 }, (_, number) => {
    const random = Random.of(7, 'staged trial', number)
    const state = number % 9 === 5 ? 'pruned' : number === 30 ? 'failed' : 'complete'
    const eta = 0.01 * 30 ** random.uniform()
    const depth = 2 + Math.floor(random.uniform() * 8)
    return {
      number,
      state,
      parameters: {
        eta,
        maxDepth: depth,
        subsample: 0.5 + random.uniform() / 2,
        gamma: 1e-3 * 1e4 ** random.uniform(),
      },
      score: state === 'complete' ? 0.79 - Math.abs(Math.log(eta / 0.05)) * 0.006 - Math.abs(depth - 5) * 0.002 : null,
      naive: 0.7787,
      durationMs: 400 + random.uniform() * 4000,
    }
  })
}

/** Everything a service with one series, three versions and two runs answers; tests change what they are about. */
export function stagedAnswers() {
  const shown = candles()
  const given = shown.map(verdictAt).reverse()
  const newest = given[0]!
  const columns = [
    'rsi_14',
    'close_over_sma_7',
    'macd_histogram',
    'volume_zscore_20',
    'atr_14_pct',
    'roc_10',
    'bb_width_20',
  ]
  const random = Random.of(7, 'staged reasons')
  const around = (): number => random.uniform() - 0.45
  const runs = [3, 2].map((n) => ({
    id: `run-2025-10-${10 + n * 7}`,
    state: n === 3 ? 'search' : 'done',
    createdAt: iso(start - n * 86_400_000),
    updatedAt: iso(start - n * 86_400_000 + 380_000),
    error: null,
  }))
  let strategy = 1
  return {
    '/v1/series': {
      items: [
        {
          symbol: 'BTC/USDT',
          timeframe: '4h',
          rows: 1500,
          newestOpenTime: newest.candle.openTime,
          stale: false,
          version: 3,
        },
      ],
    },
    '/v1/verdict/explain': {
      ...newest,
      dataAgeMs: 4_320_000,
      stale: false,
      requestId: 'req-1',
      baseline: { sell: -0.42, hold: 0.61, buy: -0.19 },
      contributions: columns.map((column, i) => ({
        column,
        value: around() * 60,
        sell: around() / (i + 1),
        hold: around() / (i + 1),
        buy: around() / (i + 1),
      })),
      rest: { sell: 0.05, hold: -0.08, buy: 0.03 },
      words: [
        'The close stands 1.8 % above its seven-bar smooth.',
        'RSI (14) is 71: momentum is stretched.',
        'Volume is 1.2 deviations below its mean of 20 bars.',
      ],
      flip: {
        close: newest.candle.close * 0.987,
        verdict: newest.verdict === 'hold' ? 'buy' : 'hold',
        changePct: -1.3,
      },
    },
    '/v1/candles': { items: shown },
    '/v1/verdicts': { items: given, nextCursor: null },
    '/v1/equity': {
      feesBps: 10,
      points: shown.map((candle) => {
        strategy *= 1 + (random.uniform() - 0.485) * 0.011
        return { time: candle.openTime, strategy, buyAndHold: candle.close / shown[0]!.close }
      }),
    },
    '/v1/models': {
      items: [model(3, 0.0121), model(2, 0.0064), model(1, -0.0021)],
      champion: 3,
      history: [
        { alias: 'champion', version: 1, kind: 'move', at: iso(start - 21 * 86_400_000), reason: 'first version' },
        {
          alias: 'champion',
          version: 2,
          kind: 'move',
          at: iso(start - 14 * 86_400_000),
          reason: 'lift +0.0064 beats −0.0021',
        },
        {
          alias: 'champion',
          version: 1,
          kind: 'rollback',
          at: iso(start - 12 * 86_400_000),
          reason: 'non-finite scores after the swap',
        },
        {
          alias: 'champion',
          version: 3,
          kind: 'move',
          at: iso(start - 6 * 86_400_000),
          reason: 'lift +0.0121 beats −0.0021',
        },
      ],
    },
    '/v1/runs': { items: runs },
    [`/v1/runs/${runs[0]!.id}`]: { ...runs[0]!, spec: {}, summary: null, trials: trials() },
    [`/v1/runs/${runs[1]!.id}`]: { ...runs[1]!, spec: {}, summary: {}, trials: trials().slice(0, 12) },
    '/v1/cluster': {
      threads: 24,
      busy: 15,
      hosts: [host('worker-1', 16, 12, 'running'), host('worker-2', 8, 3, 'draining')],
    },
  } as Record<string, unknown>
}

function host(name: string, threads: number, busy: number, state: string) {
  const agent = { id: `${name}-1`, route: 'native', state, engine: 'native', threads, busy, done: 412, failed: 2 }
  return {
    host: name,
    cores: threads,
    threads,
    busy,
    agents: [{ ...agent, joinedAt: iso(start), heartbeatAt: iso(start) }],
  }
}
