import type { CandleSeries } from '#core/candles'
import { asBullpenError, BullpenError, type ErrorCode } from '#core/errors'
import { newestVerdict, type ModelAnswer } from '#core/model'
import { verdicts } from '#core/verdict'
import type {
  Champions,
  Demotions,
  EventHub,
  GivenVerdict,
  SeriesBook,
  SeriesKey,
  SeriesView,
  ServedModel,
  VerdictDesk,
} from '../ports.ts'
import type { LogBuffer } from './log-buffer.ts'

export interface ModelDeskOptions {
  readonly book: SeriesBook
  readonly champions: Champions
  /** Where verdicts wait for the log. */
  readonly log: Pick<LogBuffer, 'add'>
  readonly events: EventHub
  /** Models that only hold; none unless given. */
  readonly demotions?: Demotions
  /** ms; the system's unless given. */
  readonly clock?: () => number
  /** Told why a verdict could not be given before anyone asked. */
  readonly onNote?: (text: string, error: unknown) => void
}

interface Held {
  readonly given: GivenVerdict
  readonly version: number
  readonly revision: number
}

/** Why there is no verdict yet: nothing to note, and no failure of a model. */
const notYet: readonly ErrorCode[] = [
  'NO_CANDLES',
  'NO_MODEL',
  'TOO_FEW_ROWS',
  'SERIES_NOT_SERVED',
  'NOT_READY',
  'CANDLES_UNAVAILABLE',
  'CHAMPION_UNKNOWN',
]

/** Models that one question may be put to, each in the place of one that failed. */
const mostModels = 3

/**
 * Gives verdicts by the model that answers for each series: computed when a series changes or a model is swapped in,
 * once, then from memory. A failure, or a score that is no number, is told to the champions and never leaves: when they
 * put another model in its place at once, that one is asked, otherwise the question fails and may be asked again.
 */
export class ModelDesk implements VerdictDesk {
  readonly #options: Required<ModelDeskOptions>
  readonly #held = new Map<string, Held>()

  constructor(options: ModelDeskOptions) {
    const demotions = { of: () => undefined, onChange: () => undefined }
    this.#options = { clock: Date.now, onNote: () => undefined, demotions, ...options }
    const { book, champions } = options
    book.onChange((key) => {
      this.#giveAhead(key)
    })
    this.#options.demotions.onChange((key) => {
      this.#held.delete(nameOf(key))
      this.#giveAhead(key)
    })
    champions.onSwap(() => {
      for (const key of book.keys()) this.#giveAhead(key)
    })
  }

  /** As the port says; also throws NOT_READY while the series' features are not yet those of its model, VERDICT_FAILED. */
  current(key: SeriesKey): GivenVerdict {
    const { champions, book } = this.#options
    const held = this.#heldFor(key, champions.of(key), book.view(key))
    return held ?? this.#ask(key, (served) => this.#give(key, served))
  }

  /** As the port says; also throws VERDICT_FAILED. */
  answerFor(series: CandleSeries): GivenVerdict {
    return this.#ask(series, (served) => {
      const newest = newestVerdict(series, served.model)
      return this.#checked(series, served, newest, newest)
    })
  }

  /** The verdict of the newest state, kept, told and logged. */
  #give(key: SeriesKey, served: ServedModel): GivenVerdict {
    const { book, log, events } = this.#options
    const view = book.view(key)
    const held = this.#heldFor(key, served, view)
    if (held) return held
    const { newest, features, settledRows, set, revision } = view
    if (!speaksOf(served, view)) {
      throw new BullpenError('NOT_READY', {
        reason: `the features of model version ${served.version} are being computed`,
      })
    }
    if (!features) {
      const why = `${set.warmup} for the warm-up of the ${set.name} features and one to answer for`
      throw new BullpenError('TOO_FEW_ROWS', { rows: settledRows, needed: set.warmup + 1, why })
    }
    const given = this.#checked(key, served, newest, served.model.answer(features))
    this.#held.set(nameOf(key), { given, version: served.version, revision })
    log.add(given)
    events.emit({ kind: 'verdict', given })
    return given
  }

  /**
   * What is known of this state by this model. While the features served are already those of the next model, what was
   * said last goes on being the answer.
   */
  #heldFor(key: SeriesKey, served: ServedModel, view: SeriesView): GivenVerdict | undefined {
    const held = this.#held.get(nameOf(key))
    if (!held) return undefined
    const isCurrent = held.version === served.version && held.revision === view.revision
    return isCurrent || !speaksOf(served, view) ? held.given : undefined
  }

  /** Puts a question to the model that answers now and, should it fail, to the one that has taken its place. */
  #ask(key: SeriesKey, ask: (served: ServedModel) => GivenVerdict): GivenVerdict {
    const { champions } = this.#options
    for (let asked = 1; ; asked++) {
      const served = champions.of(key)
      try {
        return ask(served)
      } catch (error) {
        if (isNotYet(error)) throw error
        champions.report(served.version, error instanceof NotFinite ? 'not-finite' : 'failed')
        if (asked < mostModels && champions.of(key).version !== served.version) continue
        const reason = asBullpenError(error).message
        throw new BullpenError('VERDICT_FAILED', { version: served.version, reason }, { cause: error })
      }
    }
  }

  /** An answer as it is given. Throws NotFinite. */
  #checked(
    { symbol, widthMs }: SeriesKey,
    { version, manifest }: ServedModel,
    { openTime, close }: { readonly openTime: number; readonly close: number },
    { verdict, probabilities }: ModelAnswer,
  ): GivenVerdict {
    if (!verdicts.every((each) => Number.isFinite(probabilities[each]))) throw new NotFinite()
    this.#options.champions.report(version, 'ok')
    const { sha256 } = manifest.model
    const demoted = this.#options.demotions.of(version, { symbol, widthMs })
    return {
      id: 0,
      symbol,
      widthMs,
      openTime,
      close,
      verdict: demoted ? 'hold' : verdict,
      probabilities,
      version,
      sha256,
      at: this.#options.clock(),
      ...(demoted && { demoted }),
    }
  }

  /** Gives the verdict before anyone asks. Who asks later hears what went wrong; here it is only noted. */
  #giveAhead(key: SeriesKey): void {
    try {
      this.current(key)
    } catch (error) {
      if (!isNotYet(error)) this.#options.onNote('no verdict for the newest candle', error)
    }
  }
}

class NotFinite extends Error {
  constructor() {
    super('a probability is not a finite number')
  }
}

function isNotYet(error: unknown): boolean {
  return error instanceof BullpenError && notYet.includes(error.code)
}

/** Whether the features of a series are those that the model reads. */
function speaksOf(served: ServedModel, view: SeriesView): boolean {
  return view.set === served.model.set || view.set.hash === served.model.set.hash
}

function nameOf({ symbol, widthMs }: SeriesKey): string {
  return `${widthMs} ${symbol}`
}
