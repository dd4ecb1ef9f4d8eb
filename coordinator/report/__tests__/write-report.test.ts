import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { renderReport, writeReport } from '../index.ts'
import { sampleReport } from '../testing/sample-report.ts'

const data = sampleReport({ rows: 200, heldOutRows: 60, trials: 4, columns: 5 })
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bullpen-report-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('a report is written whole into a folder made for it, over an older one, and leaves nothing beside it', async () => {
  const path = join(folder, 'runs', 'r-7', 'report.html')
  await writeReport(path, { ...data, version: 1 })
  await writeReport(path, data)
  expect(await readFile(path, 'utf8')).toBe(renderReport(data))
  expect(await readdir(join(folder, 'runs', 'r-7'))).toEqual(['report.html'])
})

test('a report that cannot be put in place leaves what was there and no draft', async () => {
  const path = join(folder, 'report.html')
  await writeReport(join(path, 'inner', 'page.html'), data)
  await expect(writeReport(path, data)).rejects.toMatchObject({ code: 'EISDIR' })
  expect(await readdir(folder)).toEqual(['report.html'])
  await writeFile(join(folder, 'file'), '')
  await expect(writeReport(join(folder, 'file', 'report.html'), data)).rejects.toThrow()
  expect((await readdir(folder)).sort()).toEqual(['file', 'report.html'])
})
