import { execFile } from 'node:child_process'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BullpenError } from '#core/errors'
import { redactText } from '#platform/logging'
import { checkTerraform } from './check-terraform.ts'
import { RunningTerraform } from './running-terraform.ts'
import { backendEnvironment, backendOverride, type StateBackend } from './state-backend.ts'
import { terraformEnvironment } from './terraform-environment.ts'
import { runTerraform } from './terraform-process.ts'
import { lockIdOf, reasonOf } from './terraform-reason.ts'

export interface TerraformOptions {
  /** Of the stack: where its `cdk.tf.json` lies. Terraform's own files go there too. */
  readonly folder: string
  /** Whose stack it is, for errors. */
  readonly target: string
  readonly backend: StateBackend
  /** What provisioners and providers are told, secrets included: they go nowhere else. */
  readonly env?: Readonly<Record<string, string>>
  /** `terraform` on the PATH. */
  readonly binary?: string
  /** How long it may take to stop after SIGINT before it is killed, ms (10,000). */
  readonly graceMs?: number
}

const minute = 60_000

/** How long each command may take, ms: a cloud takes minutes to make a database, and as long to remove it. */
const limits = {
  init: 5 * minute,
  plan: 5 * minute,
  apply: 30 * minute,
  destroy: 30 * minute,
  output: minute,
  'force-unlock': minute,
}

/**
 * The one door to the terraform binary, for one stack. Commands run one at a time; each throws TOOL_MISSING,
 * TARGET_FAILED with the last meaningful lines of terraform's output, or what `signal` was aborted with once terraform
 * has stopped. While another process runs one on the same folder: TARGET_BUSY, and nothing is done.
 */
export class Terraform {
  readonly running: RunningTerraform
  private readonly options: TerraformOptions
  private readonly binary: string
  private readonly cliConfig: string

  constructor(options: TerraformOptions) {
    this.options = options
    this.binary = options.binary ?? 'terraform'
    this.running = new RunningTerraform(options.folder)
    this.cliConfig = join(options.folder, 'terraform.rc')
  }

  /** Readies the folder for the backend, unless it is ready for this one already. Every other command comes after it. */
  async init(signal: AbortSignal): Promise<void> {
    const { folder, backend } = this.options
    await checkTerraform(this.binary)
    await writeFile(this.cliConfig, '')
    const path = join(folder, 'backend_override.tf.json')
    const override = backendOverride(backend)
    const isReady = (await readFile(path, 'utf8').catch(() => null)) === override && (await isInitialised(folder))
    if (isReady) return
    await writeFile(path, override, { mode: 0o600 })
    await this.run('init', ['-reconfigure'], signal)
  }

  /** Whether an apply would change anything. */
  async plan(signal: AbortSignal): Promise<boolean> {
    return (await this.run('plan', ['-detailed-exitcode', '-lock=false'], signal, [0, 2])).status === 2
  }

  async apply(signal: AbortSignal): Promise<void> {
    await this.run('apply', ['-auto-approve'], signal)
  }

  /** Removes everything in the state. With `breakLock`, a lock that someone else holds on the state is broken first. */
  async destroy(signal: AbortSignal, { breakLock = false } = {}): Promise<void> {
    try {
      await this.run('destroy', ['-auto-approve'], signal)
    } catch (error) {
      const lockId = breakLock && !signal.aborted ? lockIdOf(await this.printed('destroy')) : null
      if (lockId === null) throw error
      await this.forceUnlock(lockId, signal)
      await this.run('destroy', ['-auto-approve'], signal)
    }
  }

  async forceUnlock(lockId: string, signal: AbortSignal): Promise<void> {
    await this.run('force-unlock', ['-force', lockId], signal)
  }

  /** What the stack gives out, by name. Values are not checked. */
  async output(signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const args = ['output', '-no-color', '-json']
    const options = { cwd: this.options.folder, env: this.environment(), timeout: limits.output, signal }
    const { stdout } = await promisify(execFile)(this.binary, args, options).catch((error: unknown) => {
      throw this.failed('output', redactText((error as Error).message))
    })
    const outputs = JSON.parse(stdout) as Record<string, { readonly value: unknown }>
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))
  }

  private async run(command: keyof typeof limits, args: readonly string[], signal: AbortSignal, good = [0]) {
    await checkTerraform(this.binary)
    signal.throwIfAborted()
    const { folder, graceMs = 10_000 } = this.options
    const timeoutMs = limits[command]
    const log = this.logOf(command)
    const end = await runTerraform(
      {
        binary: this.binary,
        args: [command, '-no-color', ...args],
        folder,
        env: this.environment(),
        log,
        timeoutMs,
        graceMs,
        signal,
      },
      this.running,
    )
    if ('pid' in end) {
      const { target } = this.options
      throw new BullpenError('TARGET_BUSY', { target, what: `terraform ${end.command}`, pid: end.pid })
    }
    signal.throwIfAborted()
    if (end.isLate) throw this.failed(command, `it was not done after ${timeoutMs / 1000} s`)
    if (end.status === null) throw this.failed(command, 'it was killed')
    if (!good.includes(end.status)) throw this.failed(command, reasonOf(await this.printed(command)))
    return { status: end.status }
  }

  private environment(): Record<string, string> {
    const { backend, env = {} } = this.options
    return { ...terraformEnvironment(this.cliConfig), ...backendEnvironment(backend), ...env }
  }

  private logOf(command: string): string {
    return join(this.options.folder, `${command}.log`)
  }

  private printed(command: string): Promise<string> {
    return readFile(this.logOf(command), 'utf8').catch(() => '')
  }

  private failed(command: string, reason: string): BullpenError {
    return new BullpenError('TARGET_FAILED', { target: this.options.target, what: `terraform ${command}`, reason })
  }
}

/** Whether an init has succeeded there: this file is the last that it writes. */
function isInitialised(folder: string): Promise<boolean> {
  return access(join(folder, '.terraform', 'terraform.tfstate')).then(
    () => true,
    () => false,
  )
}
