import type { TreeArrays } from '#core/model'

/** A tree of the old format, its nodes renumbered breadth-first without the deleted ones. */
export interface OldTree extends TreeArrays {
  /** -1 for the root. */
  readonly parent: readonly number[]
  readonly baseWeight: readonly number[]
}

export interface OldModel {
  /** Where every margin starts. The old format keeps the margin, the JSON format the probability it stands for. */
  readonly baseMargin: number
  readonly columns: number
  readonly classes: number
  readonly objective: string
  readonly booster: string
  readonly trees: readonly OldTree[]
}

// Sizes of the structs that XGBoost 0.6 to 0.8x writes as they lie in memory, little-endian
// (src/learner.cc, src/gbm/gbtree_model.h, include/xgboost/tree_model.h of those versions).
const learnerParamBytes = 136
const treeModelParamBytes = 160
const treeParamBytes = 148
const nodeBytes = 20
const statBytes = 16
const topBit = 0x80000000

/**
 * Reads XGBoost's old binary model: LearnerModelParam, two names, GBTreeModelParam, each tree as TreeParam, nodes and
 * statistics, then the class of every tree. `fromTree` skips the trees before it (their place in `trees` included).
 */
export function readOldModel(bytes: Uint8Array, fromTree = 0): OldModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = learnerParamBytes
  const text = () => {
    const length = Number(view.getBigUint64(at, true))
    const start = at + 8
    at = start + length
    return new TextDecoder().decode(bytes.subarray(start, at))
  }
  const objective = text()
  const booster = text()
  const count = view.getInt32(at, true)
  at += treeModelParamBytes
  const starts = Array.from({ length: count }, () => {
    const start = at
    at += treeParamBytes + view.getInt32(start + 4, true) * (nodeBytes + statBytes)
    return start
  })
  const group = (tree: number) => view.getInt32(at + tree * 4, true)
  return {
    baseMargin: view.getFloat32(0, true),
    columns: view.getUint32(4, true),
    classes: view.getInt32(8, true),
    objective,
    booster,
    trees: starts.slice(fromTree).map((start, i) => readTree(view, start, group(fromTree + i))),
  }
}

/** A node is {parent, left, right, column | defaultLeft << 31, threshold or leaf value}. */
function readTree(view: DataView, start: number, group: number): OldTree {
  const nodes = start + treeParamBytes
  const stats = nodes + view.getInt32(start + 4, true) * nodeBytes
  const tree = {
    group,
    parent: [-1],
    left: [] as number[],
    right: [] as number[],
    column: [] as number[],
    value: [] as number[],
    defaultLeft: [] as number[],
    gain: [] as number[],
    cover: [] as number[],
    baseWeight: [] as number[],
  }
  const queue = [0]
  for (let node = 0; node < queue.length; node++) {
    const at = nodes + queue[node]! * nodeBytes
    const stat = stats + queue[node]! * statBytes
    const left = view.getInt32(at + 4, true)
    const leaf = left === -1
    const column = view.getUint32(at + 12, true)
    tree.left.push(leaf ? -1 : queue.length)
    tree.right.push(leaf ? -1 : queue.length + 1)
    tree.column.push(leaf ? 0 : column % topBit)
    tree.defaultLeft.push(!leaf && column >= topBit ? 1 : 0)
    tree.value.push(view.getFloat32(at + 16, true))
    tree.gain.push(leaf ? 0 : view.getFloat32(stat, true))
    tree.cover.push(view.getFloat32(stat + 4, true))
    tree.baseWeight.push(view.getFloat32(stat + 8, true))
    if (leaf) continue
    queue.push(left, view.getInt32(at + 8, true))
    tree.parent.push(node, node)
  }
  return tree
}
