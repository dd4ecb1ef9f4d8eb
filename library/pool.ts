import { BullpenError } from '#core/errors'
import type { TaskQueue } from '#core/protocol'
import type { ObjectStore } from '#core/registry'
import { mapItems } from './map-items.ts'
import type { Items, MapRun } from './map-run.ts'
import { mapSettings } from './map-options.ts'
import type {
  AnyTask,
  InputOf,
  MapOptions,
  MapResult,
  MapSuccess,
  OutputOf,
  OwnTask,
  SharedData,
} from './map-options.ts'

/** What a pool stands on; `close` ends it all. */
export interface PoolParts {
  readonly queue: TaskQueue
  readonly objects: ObjectStore
  readonly close: () => Promise<void>
}

/** A compute pool for own tasks. Always `close` it. */
export class Pool {
  private readonly parts: PoolParts
  private readonly closing = new AbortController()
  private readonly runs = new Set<MapRun<unknown>>()
  private closed: Promise<void> | undefined

  constructor(parts: PoolParts) {
    this.parts = parts
  }

  /**
   * Puts data into the object store, once whatever number of tasks uses it. An agent fetches it once and keeps it in
   * memory that all its threads share. Throws the object store's errors.
   */
  async share(data: ArrayBuffer | ArrayBufferView): Promise<SharedData> {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data)
    return { sha256: await this.parts.objects.put(bytes), bytes: bytes.byteLength }
  }

  /**
   * Runs the task of that name on every item, on whatever agents of the group there are. Items and outputs are JSON of at
   * most a million characters; `items` may be endless. Nothing starts before the first result is asked for; leaving the
   * loop drops what is under way.
   *
   * @throws USAGE at once for options out of range, QUEUE_CLOSED after `close`
   * @throws ITEM_FAILED with the item's index (unless `onError` is `yield`), what the source throws, the signal's reason,
   * the queue's errors, while results are read
   */
  map<T extends OwnTask = AnyTask>(
    task: string,
    items: Items<InputOf<T>>,
    options: MapOptions & { readonly onError: 'yield' },
  ): AsyncGenerator<MapResult<OutputOf<T>>, void, undefined>
  map<T extends OwnTask = AnyTask>(
    task: string,
    items: Items<InputOf<T>>,
    options?: MapOptions & { readonly onError?: 'throw' },
  ): AsyncGenerator<MapSuccess<OutputOf<T>>, void, undefined>
  map(task: string, items: Items<unknown>, options: MapOptions = {}): AsyncGenerator<MapResult<unknown>> {
    if (this.closed) throw new BullpenError('QUEUE_CLOSED')
    const settings = mapSettings(task, options)
    const signals = settings.signal ? [settings.signal, this.closing.signal] : [this.closing.signal]
    return mapItems(this.parts.queue, items, { ...settings, signal: AbortSignal.any(signals) }, this.runs)
  }

  /** Ends every map still open with QUEUE_CLOSED, then lets go of everything. Idempotent. */
  close(): Promise<void> {
    this.closed ??= this.shut()
    return this.closed
  }

  private async shut(): Promise<void> {
    this.closing.abort(new BullpenError('QUEUE_CLOSED'))
    await Promise.all([...this.runs].map((run) => run.stop()))
    await this.parts.close()
  }
}
