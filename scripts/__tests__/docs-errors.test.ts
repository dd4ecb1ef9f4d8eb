import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { errorsPage } from '../docs-errors.ts'

test('docs/errors.md lists exactly the codes of the table: run npm run docs:errors when it does not', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsPage())
})
