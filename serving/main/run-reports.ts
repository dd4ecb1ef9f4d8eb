import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BullpenError } from '#core/errors'
import type { ObjectStore, RunStore } from '#core/registry'
import type { Reports } from '../ports.ts'

/**
 * Reports as a training run leaves them: `runs/<run>/report.html` under the home it ran in, and the object that the summary
 * of the run names, which is there when that home was another machine's or has gone with its pod.
 */
export class RunReports implements Reports {
  readonly #home: string
  readonly #runs: Pick<RunStore, 'get'>
  readonly #objects: Pick<ObjectStore, 'get'>

  constructor(home: string, runs: Pick<RunStore, 'get'>, objects: Pick<ObjectStore, 'get'>) {
    this.#home = home
    this.#runs = runs
    this.#objects = objects
  }

  async htmlOf(runId: string): Promise<string | undefined> {
    // Run ids are names of folders; anything else is not looked for.
    if (!/^[A-Za-z0-9-]{1,64}$/.test(runId)) return undefined
    try {
      return await readFile(join(this.#home, 'runs', runId, 'report.html'), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    return this.#published(runId).catch((error: unknown) => {
      const isGone = error instanceof BullpenError && ['RUN_NOT_FOUND', 'OBJECT_NOT_FOUND'].includes(error.code)
      if (!isGone) throw error
      return undefined
    })
  }

  async #published(runId: string): Promise<string | undefined> {
    const { summary } = await this.#runs.get(runId)
    const name = summary?.['reportObject']
    return typeof name === 'string' ? new TextDecoder().decode(await this.#objects.get(name)) : undefined
  }
}
