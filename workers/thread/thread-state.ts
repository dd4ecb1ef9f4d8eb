import { Forest, type Booster } from '#core/model'

/** Models kept parsed; the importance tasks of one selection read two. */
const forestsKept = 2

/** What a pool thread keeps between tasks: its booster, opened once, and the models it parsed last. */
export class ThreadState {
  private readonly open: () => Promise<Booster>
  private readonly forests = new Map<string, Forest>()
  private opened: Promise<Booster> | undefined

  constructor(open: () => Promise<Booster>) {
    this.open = open
  }

  /** Name and version of the engine. Throws ENGINE_UNAVAILABLE. */
  async hello(): Promise<string> {
    const { engine, version } = await this.booster()
    return `${engine} ${version}`
  }

  /** Throws ENGINE_UNAVAILABLE. */
  booster(): Promise<Booster> {
    this.opened ??= this.open()
    return this.opened
  }

  /** The model of that hash, parsed from its bytes (XGBoost JSON) unless it was one of the last. Throws MODEL_INVALID. */
  forest(sha256: string, bytes: SharedArrayBuffer): Forest {
    const forest = this.forests.get(sha256) ?? Forest.fromXgboostJson(textOf(bytes))
    this.forests.delete(sha256)
    this.forests.set(sha256, forest)
    for (const oldest of this.forests.keys()) {
      if (this.forests.size > forestsKept) this.forests.delete(oldest)
    }
    return forest
  }
}

/** `slice` copies out of shared memory, which a TextDecoder does not read. */
function textOf(bytes: SharedArrayBuffer): string {
  return new TextDecoder().decode(new Uint8Array(bytes).slice())
}
