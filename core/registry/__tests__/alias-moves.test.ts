import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { rollbackTarget, type AliasMove } from '#core/registry'

function moves(text: string): AliasMove[] {
  return text.split(' ').map((word) => ({
    alias: 'champion',
    version: word.startsWith('r') ? Number(word.slice(1)) : word === '-' ? null : Number(word),
    kind: word.startsWith('r') ? 'rollback' : 'move',
    at: 0,
    reason: '',
  }))
}

test.each([
  ['1', null],
  ['1 1 1', null],
  ['1 2', 1],
  ['1 2 2 3', 2],
  ['1 2 3 r2', 1],
  ['1 2 3 r2 r1', null],
  ['1 2 3 r2 4', 2],
  ['1 2 1', 2],
  ['1 2 1 r2', 1],
  ['1 2 r1 2', 1],
  ['1 2 -', 2],
  ['1 - 2', 1],
])('after %s a rollback goes to %s', (text, target) => {
  expect(rollbackTarget(moves(text))).toBe(target)
})

test('rolling back as often as possible visits the promoted versions in reverse and ends', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 }), (promoted) => {
      const history = moves(promoted.join(' '))
      const visited: number[] = []
      for (let target = rollbackTarget(history); target !== null; target = rollbackTarget(history)) {
        visited.push(target)
        history.push(...moves(`r${target}`))
      }
      const distinct = promoted.filter((version, i) => version !== promoted[i - 1])
      expect(visited).toEqual(distinct.slice(0, -1).reverse())
    }),
  )
})
