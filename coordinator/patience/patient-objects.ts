import type { ObjectStore } from '#core/registry'
import type { Patience } from './patience.ts'

/** Objects are named by their content: storing one again stores the same, and reading changes nothing. */
export class PatientObjects implements ObjectStore {
  readonly describe: string
  private readonly objects: ObjectStore
  private readonly patience: Patience

  constructor(objects: ObjectStore, patience: Patience) {
    this.describe = objects.describe
    this.objects = objects
    this.patience = patience
  }

  put(content: Uint8Array): Promise<string> {
    return this.patience.call(what, () => this.objects.put(content))
  }

  get(sha256: string): Promise<Uint8Array> {
    return this.patience.call(what, () => this.objects.get(sha256))
  }

  has(sha256: string): Promise<boolean> {
    return this.patience.call(what, () => this.objects.has(sha256))
  }
}

const what = 'the object store'
