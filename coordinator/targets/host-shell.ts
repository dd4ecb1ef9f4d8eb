import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { BullpenError } from '#core/errors'

/** Runs scripts where rented processes are. */
export interface HostShell {
  /** Of the host, for people. */
  readonly place: string
  /** BULLPEN_HOME there. */
  readonly home: string
  /** What the script printed; `word` is its $0. Throws TARGET_UNREACHABLE. */
  run(script: string, word: string): Promise<string>
}

/** A script may wait until processes have ended, which takes up to half a minute. */
export const scriptTimeoutMs = 60_000

/** The shell of this machine. */
export class LocalShell implements HostShell {
  readonly place: string
  readonly home: string

  constructor(place: string, home: string) {
    this.place = place
    this.home = home
  }

  async run(script: string, word: string): Promise<string> {
    // Nothing else is passed on: a guard that looks must not make the script look like a part of itself.
    const env = { PATH: process.env['PATH'], BULLPEN_HOME: this.home }
    const options = { env, timeout: scriptTimeoutMs, maxBuffer: 16 * 2 ** 20 }
    try {
      return (await promisify(execFile)('sh', ['-c', script, word], options)).stdout
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: string }
      const reason = stderr?.trim() || message
      throw new BullpenError('TARGET_UNREACHABLE', { target: 'local', place: this.place, reason }, { cause: error })
    }
  }
}
