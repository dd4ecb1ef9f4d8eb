import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { MemoryObjectStore, MemoryRunStore } from '#platform/memory'
import { RunReports } from '../run-reports.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bullpen-reports-'))
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

async function published(html: string | null) {
  const [runs, objects] = [new MemoryRunStore(), new MemoryObjectStore()]
  const reportObject = html === null ? '0'.repeat(64) : await objects.put(new TextEncoder().encode(html))
  await runs.create('r1', {})
  await runs.transition('r1', 'done', { summary: { reportObject } })
  await runs.create('r2', {})
  return new RunReports(home, runs, objects)
}

test('a report is the file of this home, or else the object that its run names', async () => {
  const reports = await published('<title>published</title>')
  expect(await reports.htmlOf('r1')).toBe('<title>published</title>')
  mkdirSync(join(home, 'runs', 'r1'), { recursive: true })
  writeFileSync(join(home, 'runs', 'r1', 'report.html'), '<title>here</title>')
  expect(await reports.htmlOf('r1')).toBe('<title>here</title>')
})

test('there is none of a run that is not known, has published none or whose object is gone, nor of a path', async () => {
  const reports = await published(null)
  for (const id of ['r1', 'r2', 'r3', '../r1']) expect([id, await reports.htmlOf(id)]).toEqual([id, undefined])
})

test('a registry that is away is no missing report', async () => {
  const away = new BullpenError('DATABASE_UNAVAILABLE', { database: 'd', reason: 'away' })
  const reports = new RunReports(home, { get: () => Promise.reject(away) }, new MemoryObjectStore())
  await expect(reports.htmlOf('r1')).rejects.toBe(away)
})
