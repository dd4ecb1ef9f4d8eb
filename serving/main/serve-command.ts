import { Option, type Command } from 'commander'
import { eachTime, wholeNumber } from '#platform/options'
import { driftPolicies, type DriftPolicy } from '../drift/drift-policy.ts'
import type { CommandContext } from './command-context.ts'
import { serveDefaults, type ServeOptions } from './serve-options.ts'

const help = `
Keys: reading needs none while the service listens on this machine only, unless --no-anonymous-read; on any other
address it needs one, unless --anonymous-read. Sending candles and promoting models always need one: bullpen keys create.

Examples:
  $ bullpen serve --candles sample:btcusdt-4h            after bullpen weekly on the same candles
  $ bullpen serve --exchange binance                     asks for each new candle when it has closed
  $ bullpen serve --host 0.0.0.0 --port 80 --cors-origin https://desk.example.com
  $ curl http://127.0.0.1:8080/v1/verdict`

interface Parsed {
  readonly port: number
  readonly host: string
  readonly candles?: readonly string[]
  readonly symbol?: string
  readonly timeframe?: string
  readonly alias?: readonly string[]
  readonly anonymousRead?: boolean
  readonly requireFresh?: boolean
  readonly corsOrigin?: readonly string[]
  readonly rateLimit: number
  readonly exchange?: string
  readonly drainNotice: number
  readonly driftPolicy: DriftPolicy
  readonly driftRetrain: boolean
}

/** `bullpen serve`. */
export function addServeCommand(program: Command, context: CommandContext, isDefault = false): void {
  program
    .command('serve', { isDefault })
    .description('answer over HTTP with the verdicts of the champion')
    .option('--port <port>', 'where to listen (0: any free port)', wholeNumber(0, 65_535), serveDefaults.port)
    .option('--host <address>', 'address to listen on', serveDefaults.host)
    .option(
      '--candles <source>',
      'put these candles into the store first (again for more; see candles --help)',
      eachTime,
    )
    .option('--symbol <name>', 'what to call the series of a file, e.g. BTC/USDT')
    .option('--timeframe <width>', 'resample those candles to this width first, e.g. 4h')
    .option('--alias <name>', 'whose model answers (again for more series; default champion)', eachTime)
    .option('--exchange <name>', 'ask this exchange for each new candle, e.g. binance')
    .option('--anonymous-read', 'reading needs no key')
    .option('--no-anonymous-read', 'reading needs a key')
    .option('--require-fresh', 'not ready while every series is stale (default unless --candles is a recording)')
    .option('--no-require-fresh', 'ready whatever the age of the data')
    .option('--cors-origin <origin>', 'let pages of this origin ask (again for more)', eachTime)
    .option(
      '--rate-limit <requests>',
      'per key or address and minute; 0: none',
      wholeNumber(0, 10_000_000),
      serveDefaults.ratePerMinute,
    )
    .addOption(
      new Option('--drift-policy <name>', 'what follows when a model does worse than it was judged')
        .choices(driftPolicies)
        .default('watch'),
    )
    .option('--no-drift-retrain', 'drift asks for no retraining (see bullpen weekly --when-wanted)')
    .option('--drain-notice <seconds>', 'how long /ready says no before connections close', wholeNumber(0, 600), 1)
    .addHelpText('after', help)
    .action(async (parsed: Parsed) => {
      // The web framework takes half a second to load, which no other command waits for.
      const { serve } = await import('./serve-until.ts')
      await serve(optionsOf(parsed), context)
    })
}

function optionsOf(parsed: Parsed): ServeOptions {
  const { port, host, candles = [], symbol, timeframe, alias, anonymousRead, requireFresh, exchange } = parsed
  return {
    port,
    host,
    candles,
    aliases: alias ?? serveDefaults.aliases,
    corsOrigins: parsed.corsOrigin ?? [],
    ratePerMinute: parsed.rateLimit,
    noticeMs: 1000 * parsed.drainNotice,
    driftPolicy: parsed.driftPolicy,
    driftRetrain: parsed.driftRetrain,
    ...(symbol === undefined ? {} : { symbol }),
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(anonymousRead === undefined ? {} : { anonymousRead }),
    ...(requireFresh === undefined ? {} : { requireFresh }),
    ...(exchange === undefined ? {} : { exchange }),
  }
}
