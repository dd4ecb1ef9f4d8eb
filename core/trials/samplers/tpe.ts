import { Random } from '#core/random'
import type { Parameters, SearchSpace } from '../search-space.ts'
import { rankTrials, type FinishedTrial } from '../trial.ts'
import { kernelColumn, type KernelColumn } from './parzen.ts'
import { randomSampler } from './random.ts'
import type { Sampler } from './sampler.ts'

/** Trials drawn at random before there is anything to model. */
const startupTrials = 10
/** Candidates drawn from l(x), of which the one with the best l/g is tried. */
const candidates = 24
/** The newest observations that keep full weight; older ones fade linearly (hyperopt's linear forgetting). */
const fullWeight = 25

/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization"): the best
 * min(ceil(0.1 n), 25) trials make a density l(x), the others g(x), and the candidate drawn from l with the highest
 * l(x)/g(x) is tried. Multivariate: each observation is one product kernel over all dimensions, so that what goes well
 * together is proposed together (Falkner et al. 2018, BOHB). Prior and forgetting are those of Optuna's
 * `TPESampler(multivariate=True)`. Pruned trials rank below complete ones, by how far they came.
 */
export const tpeSampler: Sampler = {
  name: 'tpe',
  suggest(trialNumber, visible, space, seed) {
    const ranked = rankForModel(visible)
    if (ranked.length < startupTrials) return randomSampler.suggest(trialNumber, visible, space, seed)
    const goodCount = Math.min(Math.ceil(0.1 * ranked.length), 25)
    const good = new ParzenEstimator(space, ranked.slice(0, goodCount))
    const rest = new ParzenEstimator(space, ranked.slice(goodCount))
    const random = Random.of(seed, 'tpe-sampler', trialNumber)
    let best: Parameters = {}
    let bestRatio = -Infinity
    for (let i = 0; i < candidates; i++) {
      const candidate = good.draw(random)
      const ratio = good.logDensity(candidate) - rest.logDensity(candidate)
      if (ratio > bestRatio) {
        best = candidate
        bestRatio = ratio
      }
    }
    return best
  },
}

/** Complete trials by score, then pruned ones by folds done and score; ties by number; failed ones left out. */
function rankForModel(trials: readonly FinishedTrial[]): FinishedTrial[] {
  const pruned = trials.filter((trial) => trial.state === 'pruned' && trial.score !== null)
  pruned.sort((a, b) => b.foldScores.length - a.foldScores.length || b.score! - a.score! || a.number - b.number)
  return [...rankTrials(trials), ...pruned]
}

/** A mixture of one product kernel an observation and one wide kernel, the prior, over the whole space. */
class ParzenEstimator {
  private readonly names: readonly string[]
  private readonly columns: readonly KernelColumn[]
  private readonly weights: Float64Array
  private readonly logWeights: Float64Array

  constructor(space: SearchSpace, observations: readonly FinishedTrial[]) {
    const inOrder = [...observations].sort((a, b) => a.number - b.number)
    const dimensions = Object.entries(space.dimensions)
    this.names = dimensions.map(([name]) => name)
    this.columns = dimensions.map(([name, dimension]) => {
      const values = inOrder.map((trial) => trial.parameters[name]!)
      return kernelColumn(dimension, values)
    })
    this.weights = mixtureWeights(inOrder.length)
    this.logWeights = this.weights.map(Math.log)
  }

  draw(random: Random): Parameters {
    const kernel = this.drawKernel(random)
    return Object.fromEntries(this.names.map((name, d) => [name, this.columns[d]!.draw(kernel, random)]))
  }

  logDensity(point: Parameters): number {
    const terms = this.logWeights.slice()
    this.columns.forEach((column, d) => {
      column.addLogDensity(point[this.names[d]!]!, terms)
    })
    let top = -Infinity
    for (const term of terms) top = Math.max(top, term)
    let sum = 0
    for (const term of terms) sum += Math.exp(term - top)
    return top + Math.log(sum)
  }

  private drawKernel(random: Random): number {
    let left = random.uniform()
    for (let k = 0; k < this.weights.length - 1; k++) {
      left -= this.weights[k]!
      if (left < 0) return k
    }
    return this.weights.length - 1
  }
}

/** Weights of `observations` kernels in time order and of the prior (weight one), summing to 1. */
function mixtureWeights(observations: number): Float64Array {
  const fading = Math.max(0, observations - fullWeight)
  const weights = Float64Array.from({ length: observations + 1 }, (_, i) => {
    if (i >= fading || i === observations) return 1
    return fading === 1 ? 1 / observations : 1 / observations + (i / (fading - 1)) * (1 - 1 / observations)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
