import { Forest, type Matrix, type TreeArrays } from '#core/model'
import { Random } from '#core/random'

/** Normal values, a twentieth of them missing. */
export function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = Random.of('matrix', rows, columns, seed)
  const data = Float32Array.from({ length: rows * columns }, () => (random.below(20) === 0 ? NaN : random.normal()))
  return { rows, columns, data }
}

/** A binary forest of full or broken-off trees over `columns` columns, of which the last `idle` are never read. */
export function randomForest(columns: number, trees: number, depth: number, seed: number, idle = 0): Forest {
  const random = Random.of('forest', columns, trees, depth, seed)
  return new Forest({
    objective: 'binary:logistic',
    columns,
    groups: 1,
    baseMargins: Float64Array.of(-0.3),
    trees: Array.from({ length: trees }, () => randomTree(columns - idle, depth, random)),
  })
}

/** 1 where a random forest's first look and chance say so. */
export function randomLabels(margins: Float64Array, seed: number): Float32Array {
  const random = Random.of('labels', seed)
  return Float32Array.from(margins, (margin) => (margin + random.normal() > 0 ? 1 : 0))
}

function randomTree(columns: number, depth: number, random: Random): TreeArrays {
  const tree = { left: [], right: [], column: [], value: [], defaultLeft: [], gain: [], cover: [] } as Record<
    string,
    number[]
  >
  const grow = (level: number): number => {
    const node = tree['left']!.length
    for (const array of Object.values(tree)) array.push(0)
    tree['defaultLeft']![node] = random.below(2)
    if (level === depth || (level > 0 && random.below(8) === 0)) {
      tree['left']![node] = -1
      tree['right']![node] = -1
      tree['value']![node] = random.normal() / 10
      return node
    }
    tree['column']![node] = random.below(columns)
    tree['value']![node] = random.normal()
    tree['left']![node] = grow(level + 1)
    tree['right']![node] = grow(level + 1)
    return node
  }
  grow(0)
  return { group: 0, ...tree } as unknown as TreeArrays
}
