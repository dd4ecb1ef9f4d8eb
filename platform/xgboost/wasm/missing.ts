/**
 * ml-xgboost's `create_model` fixes the missing value at -1 and refuses NaN, and -1 is an ordinary value of a feature. So
 * missing values become -1, and a real -1 becomes the next float32 above it: nothing lies between the two, so the order
 * of values, and with it every split, stays what it was. Undone by {@link decodeThreshold}.
 */
const missing = -1
const standIn = -1 + 2 ** -24

/** Rewrites gathered rows in place. Returns the position of an infinite value, which no version trains on, or -1. */
export function encodeMissing(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value !== value) values[i] = missing
    else if (value === missing) values[i] = standIn
    else if (value === Infinity || value === -Infinity) return i
  }
  return -1
}

/** A threshold found on encoded rows, for rows as they are: a split at the stand-in sends -1 right, as a split at -1 does. */
export function decodeThreshold(threshold: number): number {
  return threshold === standIn ? missing : threshold
}
