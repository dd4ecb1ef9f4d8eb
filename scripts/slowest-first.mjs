import TestSequencer from '@jest/test-sequencer'

const Sequencer = TestSequencer.default ?? TestSequencer

/** Suites that take longest: several hosts each, then one or more whole programs each. The rest are units. */
const slow = [/\/dist\/test\/cluster\//, /\/dist\/test\//]

/**
 * Slow suites begin first, so that none of them runs alone at the end while the other core idles. Jest goes by the size
 * of a file where it has not seen it run, and the slowest files are short. Within a group its own order holds.
 */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    const groupOf = ({ path }) => {
      const group = slow.findIndex((pattern) => pattern.test(path))
      return group === -1 ? slow.length : group
    }
    return [...super.sort(tests)].sort((a, b) => groupOf(a) - groupOf(b))
  }
}
