import { asBullpenError, errorTable, type BullpenError } from '#core/errors'

/** Where a command writes: answers on stdout, everything else on stderr. */
export interface Output {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** How failures are shown. */
export interface FailureOptions {
  readonly json: boolean
  readonly verbose: boolean
}

/** Prints the one line of an error (code, what happened, what to do) and returns the exit status. */
export function reportFailure(thrown: unknown, output: Output, { json, verbose }: FailureOptions): number {
  const error = asBullpenError(thrown)
  output.stderr.write(`bullpen: ${error.code}: ${error.message}. ${error.advice}\n`)
  if (verbose) output.stderr.write(`${stackOf(error)}\n`)
  if (json) {
    const { code, message, advice, details } = error
    output.stdout.write(`${JSON.stringify({ error: { code, message, advice, details } })}\n`)
  }
  return errorTable[error.code].exit
}

function stackOf(error: BullpenError): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : ''
  return `${error.stack ?? error.message}${cause}`
}
