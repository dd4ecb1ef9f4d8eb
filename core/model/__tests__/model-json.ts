/** A small valid XGBoost model as data, for tests to bend: two columns, three classes, one stump or deeper tree each. */
export function modelDocument() {
  return {
    learner: {
      gradient_booster: {
        name: 'gbtree',
        model: { trees: [tree(0.5), tree(-0.25), tree(1.5)], tree_info: [0, 1, 2] },
      },
      learner_model_param: { base_score: '5E-1', num_class: '3', num_feature: '2', num_target: '1' },
      objective: { name: 'multi:softprob' },
    },
    version: [1, 7, 4],
  }
}

/**
 * Splits column 0 at `threshold` (missing goes left), then its right child column 1 at 2 (missing goes right). The
 * leaves are worth 1, 2 and 3 from left to right.
 */
function tree(threshold: number) {
  return {
    left_children: [1, -1, 3, -1, -1],
    right_children: [2, -1, 4, -1, -1],
    split_indices: [0, 0, 1, 0, 0],
    split_conditions: [threshold, 1, 2, 2, 3],
    default_left: [1, 0, 0, 0, 0] as number[] | boolean[],
    split_type: [0, 0, 0, 0, 0],
    loss_changes: [10, 0, 5, 0, 0],
    sum_hessian: [8, 4, 4, 2, 2],
    tree_param: { num_nodes: '5', size_leaf_vector: '0' },
  }
}

export function toText(document: unknown): string {
  return JSON.stringify(document)
}
