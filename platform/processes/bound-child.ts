import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { BullpenError } from '#core/errors'

/** How a process ended: with a status, or by a signal. */
export interface ChildEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process that dies with this one, even when this one is killed outright. */
export interface BoundChild {
  readonly pid: number
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>
  /** SIGTERM to it and all it started, SIGKILL after `noticeMs`; resolves when it is gone. Idempotent. */
  end(noticeMs: number): Promise<ChildEnd>
}

export interface BoundChildOptions {
  readonly env: NodeJS.ProcessEnv
  /** File its output is appended to, readable by the owner only. */
  readonly log: string
}

/**
 * The kernel kills the child when its parent dies (prctl PR_SET_PDEATHSIG, Linux). A parent that died before that was
 * set would go unnoticed, so the child looks once, after, whether its parent is still the one that started it.
 */
const whileParentLives = 'test "$PPID" = "$1" || exit 1; shift; exec "$@"'

/** Starts a command in a session of its own. Throws TOOL_MISSING without `setpriv`; a command that cannot run ends with status 126 or 127. */
export async function startBoundChild(
  command: readonly string[],
  { env, log }: BoundChildOptions,
): Promise<BoundChild> {
  const output = openSync(log, 'a', 0o600)
  const args = ['--pdeathsig', 'KILL', '--', 'sh', '-c', whileParentLives, 'sh', String(process.pid), ...command]
  const child = spawn('setpriv', args, { env, detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  await new Promise<void>((started, failed) => {
    child.once('spawn', started)
    child.once('error', (cause) => {
      const purpose = 'it binds a process to the one that keeps it (Linux, util-linux)'
      failed(new BullpenError('TOOL_MISSING', { tool: 'setpriv', purpose }, { cause }))
    })
  })
  const pid = child.pid!
  const signalAll = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pid, signal)
    } catch {
      // Nobody of its session is left.
    }
  }
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      signalAll('SIGKILL')
      resolve({ code, signal })
    })
  })
  return {
    pid,
    ended,
    async end(noticeMs) {
      signalAll('SIGTERM')
      const timer = setTimeout(() => {
        signalAll('SIGKILL')
      }, noticeMs)
      const end = await ended
      clearTimeout(timer)
      return end
    },
  }
}
