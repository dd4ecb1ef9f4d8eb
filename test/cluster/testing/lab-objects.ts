import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The object store that all hosts share: a folder, as on a shared mount. */
export class LabObjects {
  /** For BULLPEN_OBJECTS. */
  readonly url: string
  private readonly aside: string

  constructor(folder: string) {
    this.url = join(folder, 'objects')
    this.aside = join(folder, 'objects-aside')
    mkdirSync(this.url)
  }

  /** From now on every access fails, as on a mount whose server does not answer (root passes any permission). */
  takeAway(): void {
    renameSync(this.url, this.aside)
    writeFileSync(this.url, 'stale file handle')
  }

  bringBack(): void {
    rmSync(this.url)
    renameSync(this.aside, this.url)
  }
}
