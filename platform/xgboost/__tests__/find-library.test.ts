import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { findLibrary } from '../native/find-library.ts'

/** A Python or conda prefix with files that are no libraries where libraries belong. */
function withPrefix(files: readonly string[], check: (prefix: string) => void): void {
  const prefix = mkdtempSync(join(tmpdir(), 'prefix-'))
  try {
    for (const file of files) {
      mkdirSync(dirname(join(prefix, file)), { recursive: true })
      writeFileSync(join(prefix, file), 'not a library')
    }
    check(prefix)
  } finally {
    rmSync(prefix, { recursive: true })
  }
}

const wheel = (python: string) => `lib/${python}/site-packages/xgboost/lib/libxgboost.so`

test('a conda prefix is searched before the wheels of its Pythons, the newest Python first', () => {
  withPrefix([wheel('python3.9'), wheel('python3.12'), 'lib/libxgboost.so'], (prefix) => {
    const { library, refused } = findLibrary({ condaPrefix: prefix, system: false })
    expect(library).toBeUndefined()
    expect(refused.map((line) => line.slice(prefix.length + 1).split(':')[0])).toEqual([
      'lib/libxgboost.so',
      wheel('python3.12'),
      wheel('python3.9'),
    ])
  })
})

test("a virtual environment's wheel is found, and a file that cannot be loaded is named with the reason", () => {
  withPrefix([wheel('python3.11')], (prefix) => {
    const { refused } = findLibrary({ virtualEnv: prefix, system: false })
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatch(/python3\.11\/site-packages\/xgboost\/lib\/libxgboost\.so: .+/)
  })
})

test('nothing is found and nothing refused where there is nothing', () => {
  expect(findLibrary({ condaPrefix: '/nowhere', virtualEnv: '', system: false })).toEqual({ refused: [] })
})
