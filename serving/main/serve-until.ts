import { openLogger } from '#platform/logging'
import type { CommandContext } from './command-context.ts'
import { openService } from './open-service.ts'
import type { ServeOptions } from './serve-options.ts'
import { startLines } from './start-lines.ts'

/** Serves until the signal aborts, then drains. */
export async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const { config, signal, json } = context
  const note = (text: string): void => {
    context.note(text)
  }
  const logger = openLogger({ level: config.log ?? 'warn', format: json ? 'json' : 'pretty' })
  const service = await openService(options, { config, logger, signal, onNote: note })
  try {
    for (const line of startLines(service, options)) note(line)
    await aborted(signal)
    note('draining: /ready says no, then answers under way are finished')
  } finally {
    await service.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else
      signal.addEventListener('abort', () => {
        resolve()
      })
  })
}
