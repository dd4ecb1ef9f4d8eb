import { spawn, type ChildProcess } from 'node:child_process'
import type { LabHost } from './lab-network.ts'

/** What a process left when it ended. */
export interface LabProcessEnd {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Sets the host's name (of a namespace of its own) and becomes the program, so the process id is the program's. */
const become = 'hostname "$0" && exec "$@"'

/** A program that runs on a host of the lab, with only the environment it is given. */
export class LabProcess {
  readonly done: Promise<LabProcessEnd>
  readonly child: ChildProcess
  readonly host: LabHost
  private out = ''
  private err = ''
  private readonly watchers = new Set<() => void>()

  constructor(host: LabHost, command: readonly string[], env: Readonly<Record<string, string>>, input = '') {
    this.host = host
    const args = ['netns', 'exec', host.namespace, 'unshare', '--uts', 'sh', '-c', become, host.name, ...command]
    const child = spawn('ip', args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    })
    this.child = child
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      this.err += chunk.toString()
      for (const watch of this.watchers) watch()
    })
    this.done = new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (status, signal) => {
        resolve({ status, signal, stdout: this.out, stderr: this.err })
      })
    })
  }

  get pid(): number {
    return this.child.pid!
  }

  get stderr(): string {
    return this.err
  }

  /** Sends a signal, and resolves when the process has gone. */
  async end(signal: NodeJS.Signals): Promise<LabProcessEnd> {
    this.child.kill(signal)
    return this.done
  }

  /** Resolves when stderr matches; rejects when the process ends first. */
  saw(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const watch = (): void => {
        if (!pattern.test(this.err)) return
        this.watchers.delete(watch)
        resolve()
      }
      this.watchers.add(watch)
      watch()
      void this.done.then(({ status, stderr }) => {
        reject(new Error(`ended with ${String(status)} before ${String(pattern)}:\n${stderr}`))
      })
    })
  }
}
