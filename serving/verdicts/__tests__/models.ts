import { featureSet } from '#core/features'
import { AnsweringModel, Forest, type TreeArrays } from '#core/model'
import { Random } from '#core/random'
import { exampleManifest } from '#core/registry/testing'
import { sha256 } from '#core/hashing'
import type { ServedModel } from '../../ports.ts'

/** Columns that a close moves, one from each family of the reference set. */
export const exampleColumns = ['MA20_REL', 'EMA44_REL', 'RSI14', 'Close_0_to_1', 'TSI', 'MACDHist_corr', 'step_to_fiba']

/** Thresholds near which those columns lie. */
const centres: Readonly<Record<string, readonly [number, number]>> = {
  MA20_REL: [1, 0.02],
  EMA44_REL: [1, 0.03],
  RSI14: [50, 15],
  Close_0_to_1: [1, 0.01],
  TSI: [1, 1],
  MACDHist_corr: [0, 1],
  step_to_fiba: [0, 1],
}

/** A forest of random trees, three levels deep, over {@link exampleColumns}. */
export function exampleForest(seed: number, trees = 60, columns: readonly string[] = exampleColumns): Forest {
  const random = Random.of('example forest', seed)
  return new Forest({
    objective: 'multi:softprob',
    columns: columns.length,
    groups: 3,
    baseMargins: Float64Array.of(0.1, 0.5, -0.2).map(Math.fround),
    trees: Array.from({ length: trees }, (_, i) => exampleTree(random, i % 3, columns)),
  })
}

/** A model that answers; `version` also seeds its trees. */
export function exampleModel(version: number, forest = exampleForest(version), columns = exampleColumns): ServedModel {
  const set = featureSet('reference')
  const contract = { featureSet: set.name, featureSetHash: set.hash, columns, policy: { kind: 'argmax' } } as const
  const manifest = exampleManifest(`run-${version}`, { contract })
  const described = { ...manifest, model: { ...manifest.model, sha256: sha256(`model ${version}`) } }
  return { version, manifest: described, model: new AnsweringModel(forest, contract), since: 0 }
}

function exampleTree(random: Random, group: number, columns: readonly string[]): TreeArrays {
  const inner = 7
  const nodes = 15
  const column = Array.from({ length: nodes }, () => random.below(columns.length))
  const cover = Array.from({ length: nodes }, () => 1 + random.below(50))
  for (let node = inner - 1; node >= 0; node--) cover[node] = cover[2 * node + 1]! + cover[2 * node + 2]!
  const value = column.map((at, node) => {
    const [middle, spread] = centres[columns[at]!] ?? [0, 1]
    return Math.fround(node < inner ? middle + spread * random.normal() : 0.3 * random.normal())
  })
  return {
    group,
    left: Array.from({ length: nodes }, (_, node) => (node < inner ? 2 * node + 1 : -1)),
    right: Array.from({ length: nodes }, (_, node) => (node < inner ? 2 * node + 2 : -1)),
    column,
    value,
    defaultLeft: new Uint8Array(nodes),
    gain: Array.from({ length: nodes }, (_, node) => (node < inner ? 1 : 0)),
    cover,
  }
}
