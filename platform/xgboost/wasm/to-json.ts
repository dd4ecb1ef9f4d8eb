import type { OldModel, OldTree } from './old-model.ts'

/** The mark of "no parent" in XGBoost's JSON. */
const noParent = 2147483647

/**
 * The model as the JSON that XGBoost 1.7 writes, with every field that its loader and the later ones ask for. Deleted
 * nodes are gone already, so `num_deleted` is 0. Written as text by hand because the loader tells numbers from integers
 * by their spelling (a leaf of 0 must read `0E0`), which JSON.stringify cannot express.
 */
export function toXgboostJson(model: OldModel): string {
  const binary = model.objective === 'binary:logistic'
  return object({
    learner: object({
      attributes: '{}',
      feature_names: '[]',
      feature_types: '[]',
      gradient_booster: object({
        model: object({
          gbtree_model_param: strings({ num_parallel_tree: 1, num_trees: model.trees.length, size_leaf_vector: 0 }),
          tree_info: integers(model.trees.map((tree) => tree.group)),
          trees: `[${model.trees.map((tree, id) => treeJson(tree, id, model.columns)).join(',')}]`,
        }),
        name: '"gbtree"',
      }),
      learner_model_param: strings({
        base_score: shortest(binary ? 1 / (1 + Math.exp(-model.baseMargin)) : model.baseMargin),
        boost_from_average: 0,
        num_class: model.classes,
        num_feature: model.columns,
        num_target: 1,
      }),
      objective: object({
        name: JSON.stringify(model.objective),
        ...(binary
          ? { reg_loss_param: strings({ scale_pos_weight: 1 }) }
          : { softmax_multiclass_param: strings({ num_class: model.classes }) }),
      }),
    }),
    version: '[1,7,4]',
  })
}

function treeJson(tree: OldTree, id: number, columns: number): string {
  const nodes = tree.parent.length
  return object({
    base_weights: floats(tree.baseWeight),
    categories: '[]',
    categories_nodes: '[]',
    categories_segments: '[]',
    categories_sizes: '[]',
    default_left: integers(tree.defaultLeft),
    id: String(id),
    left_children: integers(tree.left),
    loss_changes: floats(tree.gain),
    parents: integers(tree.parent.map((parent) => (parent === -1 ? noParent : parent))),
    right_children: integers(tree.right),
    split_conditions: floats(tree.value),
    split_indices: integers(tree.column),
    split_type: integers(tree.parent.map(() => 0)),
    sum_hessian: floats(tree.cover),
    tree_param: strings({ num_deleted: 0, num_feature: columns, num_nodes: nodes, size_leaf_vector: 0 }),
  })
}

/** Members whose values are JSON text already. */
function object(members: Readonly<Record<string, string>>): string {
  const fields = Object.entries(members).map(([name, text]) => `"${name}":${text}`)
  return `{${fields.join(',')}}`
}

/** XGBoost keeps parameters as strings. */
function strings(members: Readonly<Record<string, number>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)])))
}

function integers(values: ArrayLike<number | boolean>): string {
  return `[${Array.from(values, Number).join(',')}]`
}

function floats(values: ArrayLike<number>): string {
  const text = (value: number) => (Number.isInteger(value) ? `${value}E0` : String(shortest(value)))
  return `[${Array.from(values, text).join(',')}]`
}

/** The number with the fewest digits that is the same float32; nine always are enough. XGBoost writes floats so too. */
function shortest(value: number): number {
  const single = Math.fround(value)
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.fround(rounded) === single) return rounded
  }
  return Number(value.toPrecision(9))
}
