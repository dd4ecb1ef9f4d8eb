import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { copySamples } from './samples.ts'

const program = resolve('dist/coordinator/main/bullpen.js')

/** Options of a run that is over in two seconds: the fewest columns, a handful of shallow trees. */
export const smallRun: readonly string[] = [
  ...['--candles', 'sample:btcusdt-4h', '--feature-set', 'classic'],
  ...['--space', 'smoke', '--folds', '2', '--json'],
]

/** What a finished command left. */
export interface CommandResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs: its process, and its end. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly done: Promise<CommandResult>
  /** What it has written there so far. */
  readonly stderr: () => string
  /** Resolves when stderr matches; rejects when the command ends first. */
  readonly saw: (pattern: RegExp) => Promise<void>
}

/** A folder of its own for one test file, with the samples unpacked; remove it with `remove`. */
export function makeHome(): { readonly home: string; readonly remove: () => void } {
  const home = mkdtempSync(join(tmpdir(), 'bullpen-test-'))
  copySamples(home)
  return {
    home,
    remove: () => {
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Starts `bullpen ...args` with an environment that holds nothing of the caller's settings. */
export function startBullpen(args: readonly string[], home: string, env: Record<string, string> = {}): RunningCommand {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], BULLPEN_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    for (const watch of watchers) watch()
  })
  const done = new Promise<CommandResult>((end, fail) => {
    child.on('error', fail)
    child.on('close', (status) => {
      end({ status, stdout, stderr })
    })
  })
  const saw = (pattern: RegExp) =>
    new Promise<void>((seen, fail) => {
      const watch = () => {
        if (!pattern.test(stderr)) return
        watchers.delete(watch)
        seen()
      }
      watchers.add(watch)
      watch()
      void done.then(({ status }) => {
        fail(new Error(`ended with ${String(status)} before ${String(pattern)}:\n${stderr}`))
      })
    })
  return { child, done, saw, stderr: () => stderr }
}

/** Runs `bullpen ...args` to its end. */
export function bullpen(
  args: readonly string[],
  home: string,
  env: Record<string, string> = {},
): Promise<CommandResult> {
  return startBullpen(args, home, env).done
}

/** The JSON document a command printed; fails with its stderr when it printed none. */
// The caller names the shape of the document it asked for.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function documentOf<T>({ status, stdout, stderr }: CommandResult): T {
  if (stdout.trim() === '') throw new Error(`no document (status ${String(status)}):\n${stderr}`)
  return JSON.parse(stdout) as T
}
