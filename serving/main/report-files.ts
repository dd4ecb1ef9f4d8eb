import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reports } from '../ports.ts'

/** Reports as `bullpen weekly` leaves them: `runs/<run>/report.html` under the home. */
export class ReportFiles implements Reports {
  readonly #home: string

  constructor(home: string) {
    this.#home = home
  }

  async htmlOf(runId: string): Promise<string | undefined> {
    // Run ids are names of folders; anything else is not looked for.
    if (!/^[A-Za-z0-9-]{1,64}$/.test(runId)) return undefined
    try {
      return await readFile(join(this.#home, 'runs', runId, 'report.html'), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
}
