import { readFileSync } from 'node:fs'

/** Processor time of this program's main thread so far, µs; NaN where the system does not tell. Linux keeps it in ns. */
export function threadMicroseconds(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000
  } catch {
    return NaN
  }
}
