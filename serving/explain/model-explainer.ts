import { BullpenError } from '#core/errors'
import { classProbabilities, verdicts, type ClassProbabilities, type Verdict } from '#core/verdict'
import type {
  Champions,
  ColumnContribution,
  Explainer,
  Explanation,
  GivenVerdict,
  SeriesBook,
  SeriesKey,
  ServedModel,
  VerdictDesk,
} from '../ports.ts'
import { contributionInWords } from './contribution-in-words.ts'
import { nearestFlip } from './nearest-flip.ts'

export interface ModelExplainerOptions {
  readonly desk: Pick<VerdictDesk, 'current'>
  readonly book: Pick<SeriesBook, 'view' | 'featuresIfClosedAt'>
  readonly champions: Pick<Champions, 'of'>
}

/** Columns that are told one by one, and of these those told in words. */
const told = { columns: 10, words: 5 } as const

/** Explains verdicts: each once, then from memory for as long as it is the answer. */
export class ModelExplainer implements Explainer {
  readonly #options: ModelExplainerOptions
  readonly #held = new Map<string, Explanation>()

  constructor(options: ModelExplainerOptions) {
    this.#options = options
  }

  /** As the port says; also throws NOT_READY while the series' features are already those of the next model. */
  explain(key: SeriesKey): Explanation {
    const { desk, champions } = this.#options
    const given = desk.current(key)
    const name = `${key.widthMs} ${key.symbol}`
    const held = this.#held.get(name)
    if (held?.given === given) return held
    const explanation = this.#explain(key, given, champions.of(key))
    this.#held.set(name, explanation)
    return explanation
  }

  #explain(key: SeriesKey, given: GivenVerdict, { version, model }: ServedModel): Explanation {
    const { book } = this.#options
    const { features, set } = book.view(key)
    if (!features || set.hash !== model.set.hash || version !== given.version) {
      throw new BullpenError('NOT_READY', { reason: `model version ${given.version} is being replaced` })
    }
    const { columns } = model.contract
    const shares = model.contributions(features)
    const margins = (column: number): ClassProbabilities =>
      classProbabilities(verdicts.map((_, group) => shares[group * (columns.length + 1) + column]!))
    const contributions = columns
      .map((column, i) => ({ column, value: features[set.columns.indexOf(column)]!, margins: margins(i) }))
      .sort((a, b) => Math.abs(b.margins[given.verdict]) - Math.abs(a.margins[given.verdict]))
    const baseline = margins(columns.length)
    const most = contributions.slice(0, told.columns)
    return {
      given,
      margins: total([{ margins: baseline }, ...contributions]),
      baseline,
      contributions: most,
      rest: total(contributions.slice(told.columns)),
      words: most.slice(0, told.words).map((each) => contributionInWords(each, given.verdict)),
      flip: this.#flip(key, given, (row) => model.answer(row).verdict),
    }
  }

  #flip(key: SeriesKey, { close }: GivenVerdict, verdictOf: (features: Float64Array) => Verdict): Explanation['flip'] {
    const flip = nearestFlip(close, (other) => verdictOf(this.#options.book.featuresIfClosedAt(key, other)!))
    return flip && { close: flip.close, verdict: flip.verdict, changePct: (flip.close / close - 1) * 100 }
  }
}

function total(contributions: readonly Pick<ColumnContribution, 'margins'>[]): ClassProbabilities {
  const sums = { sell: 0, hold: 0, buy: 0 }
  for (const { margins } of contributions) for (const each of verdicts) sums[each] += margins[each]
  return sums
}
