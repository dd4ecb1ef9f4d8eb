import type { ForestNodes } from './forest-nodes.ts'

/**
 * For each of `count` rows, the leaf the tree puts it on: `leaves[i]` is a node index. Row i starts at `offsets[i]` in
 * `data`. Float32 values are compared with float32 thresholds exactly as the library does; NaN follows the node's
 * default direction. Four rows are walked together because one walk alone waits on memory at every step.
 */
export function walkTree(
  nodes: ForestNodes,
  tree: number,
  data: Float32Array,
  offsets: Int32Array,
  count: number,
  leaves: Int32Array,
): void {
  const { column, threshold, left, missingRight } = nodes
  const root = nodes.root[tree]!
  const depth = nodes.depth[tree]!
  let i = 0
  for (; i + 3 < count; i += 4) {
    const o0 = offsets[i]!
    const o1 = offsets[i + 1]!
    const o2 = offsets[i + 2]!
    const o3 = offsets[i + 3]!
    let n0 = root
    let n1 = root
    let n2 = root
    let n3 = root
    for (let d = 0; d < depth; d++) {
      const v0 = data[o0 + column[n0]!]!
      const v1 = data[o1 + column[n1]!]!
      const v2 = data[o2 + column[n2]!]!
      const v3 = data[o3 + column[n3]!]!
      n0 = left[n0]! + (+(v0 >= threshold[n0]!) | (+(v0 !== v0) & missingRight[n0]!))
      n1 = left[n1]! + (+(v1 >= threshold[n1]!) | (+(v1 !== v1) & missingRight[n1]!))
      n2 = left[n2]! + (+(v2 >= threshold[n2]!) | (+(v2 !== v2) & missingRight[n2]!))
      n3 = left[n3]! + (+(v3 >= threshold[n3]!) | (+(v3 !== v3) & missingRight[n3]!))
    }
    leaves[i] = n0
    leaves[i + 1] = n1
    leaves[i + 2] = n2
    leaves[i + 3] = n3
  }
  for (; i < count; i++) {
    const offset = offsets[i]!
    let n = root
    for (let d = 0; d < depth; d++) {
      const v = data[offset + column[n]!]!
      n = left[n]! + (+(v >= threshold[n]!) | (+(v !== v) & missingRight[n]!))
    }
    leaves[i] = n
  }
}
