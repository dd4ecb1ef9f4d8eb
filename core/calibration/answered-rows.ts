/** Rows a model answered without having been fitted on them, with what came of each. One entry a row; rows ascend. */
export interface AnsweredRows {
  /** Positions in the training table. */
  readonly rows: Uint32Array
  /** Rows x 3: sell, hold, buy. */
  readonly probabilities: Float64Array
  /** -1, 0, 1. */
  readonly target: Int8Array
  readonly weight: Float64Array
}

/** The answered rows at some positions of them. */
export function pickAnswered(answered: AnsweredRows, positions: Uint32Array): AnsweredRows {
  const probabilities = new Float64Array(positions.length * 3)
  positions.forEach((from, to) => {
    probabilities.set(answered.probabilities.subarray(from * 3, from * 3 + 3), to * 3)
  })
  return {
    rows: positions.map((position) => answered.rows[position]!),
    probabilities,
    target: Int8Array.from(positions, (position) => answered.target[position]!),
    weight: Float64Array.from(positions, (position) => answered.weight[position]!),
  }
}
