import { Random } from '#core/random'

/** Columns of the `reference` feature set that a close moves, each with the middle and the spread of its thresholds. */
const columns = [
  ['RSI14', 50, 15],
  ['MA20_REL', 1, 0.02],
  ['EMA60_REL', 1, 0.03],
] as const

/** The columns that {@link exampleModelJson} reads, in its order. */
export const exampleModelColumns: readonly string[] = columns.map(([name]) => name)

const inner = 7
const nodes = 15
const parts = Array.from({ length: nodes }, (_, node) => node)

/** A whole XGBoost model of random trees, three levels deep, as the document that its JSON holds: for tests to bend. */
export function exampleModelJson(seed: string | number, rounds = 5) {
  const random = Random.of('example model', seed)
  const trees = Array.from({ length: rounds * 3 }, () => tree(random))
  return {
    learner: {
      gradient_booster: { name: 'gbtree', model: { trees, tree_info: trees.map((_, i) => i % 3) } },
      learner_model_param: {
        base_score: '5E-1',
        num_class: '3',
        num_feature: String(columns.length),
        num_target: '1',
      },
      objective: { name: 'multi:softprob' },
    },
    version: [1, 7, 4],
  }
}

function tree(random: Random) {
  const column = parts.map(() => random.below(columns.length))
  return {
    left_children: parts.map((node) => (node < inner ? 2 * node + 1 : -1)),
    right_children: parts.map((node) => (node < inner ? 2 * node + 2 : -1)),
    split_indices: column,
    split_conditions: parts.map((node) => {
      const [, middle, spread] = columns[column[node]!]!
      return Math.fround(node < inner ? middle + spread * random.normal() : 0.3 * random.normal())
    }),
    default_left: parts.map(() => 0),
    split_type: parts.map(() => 0),
    loss_changes: parts.map((node) => (node < inner ? 1 : 0)),
    sum_hessian: parts.map((node) => 16 >> Math.floor(Math.log2(node + 1))),
    tree_param: { num_nodes: String(nodes), size_leaf_vector: '0' },
  }
}
