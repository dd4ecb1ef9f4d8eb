import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { BullpenError } from '#core/errors'
import type { TargetName } from '#core/protocol'
import { redactText } from '#platform/logging'

const run = promisify(execFile)

/** Longest that one call may take, ms: both command lines follow pages by themselves. */
const callMs = 120_000

/** What a call is for: looking changes nothing. */
export type Purpose = 'look' | 'change'

/** The command line of a cloud, which finds credentials as people who use it are used to. */
export class CommandLine {
  private readonly target: TargetName
  private readonly command: readonly string[]

  /** @param command the program, and words before every call's own */
  constructor(target: TargetName, command: readonly string[]) {
    this.target = target
    this.command = command
  }

  /**
   * Runs one call and answers what it prints, read as JSON; undefined when it prints nothing.
   * @throws TOOL_MISSING, TARGET_UNREACHABLE for a look that failed, TARGET_FAILED for a change that did
   */
  async ask(purpose: Purpose, ...words: readonly string[]): Promise<unknown> {
    const [program, ...before] = this.command
    try {
      const { stdout } = await run(program!, [...before, ...words], { timeout: callMs, maxBuffer: 2 ** 28 })
      return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as unknown)
    } catch (error) {
      throw this.failed(purpose, words, error)
    }
  }

  private failed(purpose: Purpose, words: readonly string[], cause: unknown): BullpenError {
    const { code, stderr, killed, message } = cause as {
      code?: unknown
      stderr?: string
      killed?: boolean
      message: string
    }
    const { target } = this
    const tool = this.command[0]!
    if (code === 'ENOENT') {
      return new BullpenError(
        'TOOL_MISSING',
        { tool, purpose: `it looks after what is rented at ${target}` },
        { cause },
      )
    }
    const said = (stderr ?? '').trim().split('\n').at(-1) || message.split('\n')[0]!
    const reason = killed ? `no answer within ${callMs / 1000} s` : redactText(said)
    const call = `${tool} ${words.slice(0, 2).join(' ')}`
    return purpose === 'look'
      ? new BullpenError('TARGET_UNREACHABLE', { target, place: call, reason }, { cause })
      : new BullpenError('TARGET_FAILED', { target, what: call, reason }, { cause })
  }
}
