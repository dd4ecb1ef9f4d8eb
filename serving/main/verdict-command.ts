import type { Command } from 'commander'
import { BullpenError } from '#core/errors'
import type { Client, Explanation, Verdict } from '#client'
import type { CommandContext } from './command-context.ts'

const help = `
The key, where one is needed, is read from the environment: BULLPEN_KEY.

Examples:
  $ bullpen verdict --url http://127.0.0.1:8080
  $ bullpen verdict --url https://bullpen.example.com --symbol BTC/USDT --timeframe 4h --explain
  $ bullpen verdict --url http://127.0.0.1:8080 --json`

interface Parsed {
  readonly url: string
  readonly symbol?: string
  readonly timeframe?: string
  readonly explain?: boolean
}

/** `bullpen verdict`: asks a running service. */
export function addVerdictCommand(program: Command, context: CommandContext): void {
  program
    .command('verdict')
    .description('ask a running service for its verdict')
    .requiredOption('--url <url>', 'where the service answers', 'http://127.0.0.1:8080')
    .option('--symbol <name>', 'of which series, where it serves several')
    .option('--timeframe <width>', 'width of its bars, e.g. 4h')
    .option('--explain', 'also why, and what would change it')
    .addHelpText('after', help)
    .action(async ({ url, explain = false, ...query }: Parsed) => {
      if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
        throw new BullpenError('USAGE', { reason: '--url is not an http:// or https:// address' })
      }
      const { openClient } = await import('#client')
      const client = openClient({ url, key: context.config.apiKey })
      const answer = await asked(() => (explain ? client.explain(query) : client.verdict(query)), url)
      context.answer(answer, 'words' in answer ? explanationLines : verdictLines)
    })
}

async function asked(
  ask: () => ReturnType<Client['verdict'] | Client['explain']>,
  url: string,
): Promise<Verdict | Explanation> {
  try {
    return await ask()
  } catch (error) {
    const { code = '', message = '' } = error as { code?: string; message?: string }
    if (code === 'SERVICE_UNREACHABLE')
      throw new BullpenError('SERVICE_UNREACHABLE', { url, reason: message }, { cause: error })
    throw new BullpenError('SERVICE_REFUSED', { code, reason: message }, { cause: error })
  }
}

function verdictLines({ verdict, probabilities, symbol, timeframe, candle, model, stale }: Verdict): string[] {
  const shares = Object.entries(probabilities).map(([name, p]) => `${name} ${(p * 100).toFixed(1)} %`)
  return [
    `${verdict.toUpperCase()}  ${symbol} ${timeframe} at ${candle.openTime} (close ${candle.close})${stale ? '  STALE' : ''}`,
    `${shares.join('  ')}  by model ${model.version} (${model.sha256.slice(0, 12)})`,
  ]
}

function explanationLines(answer: Verdict | Explanation): string[] {
  const { words, flip } = answer as Explanation
  const change = flip && `at a close of ${flip.close} (${flip.changePct.toFixed(2)} %) it would be ${flip.verdict}`
  return [...verdictLines(answer), ...words.map((line) => `  ${line}`), ...(change ? [`  ${change}`] : [])]
}
