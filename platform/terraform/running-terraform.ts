import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { pause } from '#platform/attempts'
import { isAlive, type ProcessIdentity } from '#platform/processes'

/** The terraform that works on a folder now. */
export interface TerraformRecord extends ProcessIdentity {
  /** `apply`, `destroy`, ... */
  readonly command: string
}

/** How often the end of a process of somebody else is looked for, ms: nothing tells of it. */
const lookMs = 50

/**
 * Which terraform is at work in a folder, on disk: so that another process can end it when the one that started it is
 * dead. A process is recorded with its start, so that a later one with the same pid is left alone.
 */
export class RunningTerraform {
  private readonly path: string

  constructor(folder: string) {
    this.path = join(folder, 'running.json')
  }

  /** Null when none is alive. */
  async now(): Promise<TerraformRecord | null> {
    const record = await this.read()
    return record && isAlive(record) ? record : null
  }

  /** Records a process unless another one is alive: that one is answered then. */
  async claim(record: TerraformRecord): Promise<TerraformRecord | null> {
    const draft = `${this.path}.${process.pid}-${randomBytes(6).toString('hex')}`
    await writeFile(draft, JSON.stringify(record), { mode: 0o600, flag: 'wx', flush: true })
    try {
      for (;;) {
        // Unlike a rename, a link never replaces what another process has just recorded.
        const isMine = await link(draft, this.path).then(
          () => true,
          (error: unknown) => {
            if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
            throw error
          },
        )
        if (isMine) return null
        const other = await this.now()
        if (other) return other
        await rm(this.path, { force: true })
      }
    } finally {
      await rm(draft, { force: true })
    }
  }

  /** The recorded process has ended. */
  async release({ pid, started }: ProcessIdentity): Promise<void> {
    const record = await this.read()
    if (record?.pid === pid && record.started === started) await rm(this.path, { force: true })
  }

  /**
   * Ends the terraform at work here, whoever started it: SIGINT, which lets it write its state, then SIGKILL to it and
   * all that it runs. One that destroys is let be for `patienceMs` first: it does what is wanted.
   */
  async end({ graceMs, patienceMs }: { readonly graceMs: number; readonly patienceMs: number }): Promise<void> {
    const record = await this.now()
    if (record) await endTerraform(record, graceMs, record.command === 'destroy' ? patienceMs : 0)
    await rm(this.path, { force: true })
  }

  private async read(): Promise<TerraformRecord | null> {
    const text = await readFile(this.path, 'utf8').catch(() => null)
    try {
      return text === null ? null : (JSON.parse(text) as TerraformRecord)
    } catch {
      return null
    }
  }
}

async function endTerraform(record: TerraformRecord, graceMs: number, patienceMs: number): Promise<void> {
  if (await isGone(record, patienceMs)) return
  signal(record.pid, 'SIGINT')
  if (await isGone(record, graceMs)) return
  // It leads a group of its own, of which the commands it runs are.
  signal(-record.pid, 'SIGKILL')
  await isGone(record, 10_000)
}

/** Whether it has ended within so many ms. */
async function isGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs
  while (isAlive(identity)) {
    if (performance.now() >= until) return false
    await pause(lookMs)
  }
  return true
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
