import { Option, type Command } from 'commander'
import type { GapPolicy } from '#core/candles'

/** How to read candles, beside the source itself. */
export interface SeriesOptions {
  readonly since?: string
  readonly gaps?: GapPolicy
  readonly symbol?: string
  readonly timeframe?: string
}

/** What every command that takes `--candles` also takes. */
export function addSeriesOptions(command: Command): Command {
  return command
    .option('--since <time>', 'leave out candles before this time; where an exchange pull begins')
    .addOption(new Option('--gaps <policy>', 'missing candles').choices(['keep', 'reject', 'split']).default('keep'))
    .option('--symbol <name>', 'what to call the series of a file, e.g. BTC/USDT')
    .option('--timeframe <width>', 'resample to this width first, e.g. 4h')
}
