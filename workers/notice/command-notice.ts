import { execFile } from 'node:child_process'
import type { Notice, NoticeSource } from './notice-source.ts'

/** A command still running after this has no answer. */
const answerWithinMs = 10_000

/**
 * A shell command that ends with status 0 when there is a notice (the first line it prints is the reason), with any
 * other status while there is none. Its standard error is not read.
 */
export class CommandNotice implements NoticeSource {
  readonly describe: string
  private readonly command: string
  private readonly withinMs: number

  constructor(command: string, withinMs: number = answerWithinMs) {
    this.command = command
    this.withinMs = withinMs
    this.describe = `command ${command}`
  }

  check(signal: AbortSignal): Promise<Notice | null> {
    return new Promise((resolve, reject) => {
      const options = { timeout: this.withinMs, killSignal: 'SIGKILL', signal } as const
      execFile('/bin/sh', ['-c', this.command], options, (error, stdout) => {
        const status = error?.code
        if (!error) {
          const [line] = stdout.split('\n')
          resolve({ reason: line?.trim() || `${this.describe} said so`, at: null })
        } else if (typeof status === 'number' && status < 126) {
          resolve(null)
        } else {
          // 126 and 127: the shell could not run it; no status: killed, or it printed too much.
          const why = typeof status === 'number' ? `status ${status}` : `ended after at most ${this.withinMs} ms`
          reject(new Error(why, { cause: error }))
        }
      })
    })
  }
}
