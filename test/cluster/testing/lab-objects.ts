import { mkdirSync, renameSync, rmdirSync } from 'node:fs'
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

  /** From now on there is only an empty mount point. (Forbidding access would not do: root passes any permission.) */
  takeAway(): void {
    renameSync(this.url, this.aside)
    mkdirSync(this.url)
  }

  /** Throws when something was written below the mount point meanwhile: it would be lost. */
  bringBack(): void {
    rmdirSync(this.url)
    renameSync(this.aside, this.url)
  }
}
