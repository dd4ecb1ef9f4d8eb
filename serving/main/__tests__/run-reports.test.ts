import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { Run } from '#core/registry'
import { RunReports } from '../run-reports.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bullpen-reports-'))
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

const name = 'a'.repeat(64)

/** What registry and objects hold: r1 has published, r2 has not, and there is no other run. */
function published(html: string | null): RunReports {
  const runs = {
    get: (id: string) => {
      const summary = id === 'r1' ? { reportObject: name } : null
      if (id === 'r1' || id === 'r2') return Promise.resolve({ id, summary } as Run)
      return Promise.reject(new BullpenError('RUN_NOT_FOUND', { run: id }))
    },
  }
  const objects = {
    get: (sha256: string) =>
      html === null || sha256 !== name
        ? Promise.reject(new BullpenError('OBJECT_NOT_FOUND', { sha256, store: 's' }))
        : Promise.resolve(new TextEncoder().encode(html)),
  }
  return new RunReports(home, runs, objects)
}

test('a report is the file of this home, or else the object that its run names', async () => {
  const reports = published('<title>published</title>')
  expect(await reports.htmlOf('r1')).toBe('<title>published</title>')
  mkdirSync(join(home, 'runs', 'r1'), { recursive: true })
  writeFileSync(join(home, 'runs', 'r1', 'report.html'), '<title>here</title>')
  expect(await reports.htmlOf('r1')).toBe('<title>here</title>')
})

test('there is none of a run that is not known, has published none or whose object is gone, nor of a path', async () => {
  const reports = published(null)
  for (const id of ['r1', 'r2', 'r3', '../r1']) expect([id, await reports.htmlOf(id)]).toEqual([id, undefined])
})

test('a registry that is away is no missing report', async () => {
  const away = new BullpenError('DATABASE_UNAVAILABLE', { database: 'd', reason: 'away' })
  const reports = new RunReports(home, { get: () => Promise.reject(away) }, { get: () => Promise.reject(away) })
  await expect(reports.htmlOf('r1')).rejects.toBe(away)
})
