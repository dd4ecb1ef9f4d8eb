import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { identify } from '#platform/processes'
import type { RunningTerraform, TerraformRecord } from './running-terraform.ts'

export interface TerraformCommand {
  readonly binary: string
  readonly args: readonly string[]
  /** Working folder, as terraform's paths are relative to it. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** File (0600) that takes what it prints. */
  readonly log: string
  readonly timeoutMs: number
  /** How long it may take to stop after SIGINT, ms. */
  readonly graceMs: number
  readonly signal: AbortSignal
}

export interface TerraformEnd {
  /** Null when it was killed. */
  readonly status: number | null
  readonly isLate: boolean
}

/** Waits for a word on its input, so that nothing runs before it is recorded; without one it ends. */
const afterWord = 'read -r word && exec "$@" </dev/null'

/**
 * Runs one terraform to its end. It is recorded before it runs, and prints to a file, so that it outlives this process
 * whole: a pipe without a reader would kill it in the middle of writing its state. An abort or the time limit sends
 * SIGINT, then SIGKILL to it and what it runs.
 *
 * @returns the record of another terraform that is at work there, when there is one: nothing was run then
 */
export async function runTerraform(
  command: TerraformCommand,
  running: RunningTerraform,
): Promise<TerraformEnd | TerraformRecord> {
  const { binary, args, folder, env, log, timeoutMs, graceMs, signal } = command
  const file = await open(log, 'w', 0o600)
  try {
    // A group of its own: a Ctrl-C in the terminal must reach it once, from here; a second one makes it drop its state.
    const child = spawn('sh', ['-c', afterWord, binary, binary, ...args], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['pipe', file.fd, file.fd],
    })
    const exit = once(child, 'exit') as Promise<[number | null]>
    const stdin = child.stdin!
    stdin.on('error', () => undefined)
    const identity = identify(child.pid!)!
    const other = await running.claim({ ...identity, command: args[0]! })
    if (other) {
      stdin.end()
      await exit
      return other
    }
    const stop = new StopTimer(child.pid!, graceMs)
    const late = setTimeout(() => {
      stop.start()
    }, timeoutMs)
    const onAbort = () => {
      stop.start()
    }
    signal.addEventListener('abort', onAbort)
    if (!signal.aborted) stdin.write('go\n')
    stdin.end()
    const [status] = await exit
    clearTimeout(late)
    signal.removeEventListener('abort', onAbort)
    stop.clear()
    await running.release(identity)
    return { status, isLate: stop.hasStarted && !signal.aborted }
  } finally {
    await file.close()
  }
}

/** SIGINT now, SIGKILL to the whole group after the grace. */
class StopTimer {
  hasStarted = false
  private readonly pid: number
  private readonly graceMs: number
  private timer: NodeJS.Timeout | undefined

  constructor(pid: number, graceMs: number) {
    this.pid = pid
    this.graceMs = graceMs
  }

  start(): void {
    if (this.hasStarted) return
    this.hasStarted = true
    this.kill(this.pid, 'SIGINT')
    this.timer = setTimeout(() => {
      this.kill(-this.pid, 'SIGKILL')
    }, this.graceMs)
  }

  clear(): void {
    clearTimeout(this.timer)
  }

  private kill(pid: number, signal: NodeJS.Signals): void {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}
