import { spawn } from 'node:child_process'

/**
 * Runs this program with other arguments, its output where this process has its own. In a group of its own, so that a
 * Ctrl-C of the terminal does not reach it twice: when `signal` aborts it is asked to stop, once, and waited for.
 */
export async function runBullpen(args: readonly string[], signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const stop = () => {
    child.kill('SIGTERM')
  }
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (status) => {
        // Ended by a signal it has no status of its own.
        resolve(status ?? 1)
      })
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
