import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { pathError, writeAtomically } from '../write-atomically.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a file is written with its folders, or replaced, and no draft stays', async () => {
  const path = join(folder, 'deep', 'a.txt')
  await writeAtomically(path, 'one')
  await writeAtomically(path, (draft) => writeFile(draft, 'two'))
  expect(readFileSync(path, 'utf8')).toBe('two')
  expect(readdirSync(join(folder, 'deep'))).toEqual(['a.txt'])
})

test('a full disk is DISK_FULL, and the file that was there stays as it was', async () => {
  const path = join(folder, 'a.txt')
  writeFileSync(path, 'old')
  const writing = writeAtomically(path, async (draft) => {
    writeFileSync(draft, 'half')
    await writeFile('/dev/full', 'x')
  })
  await expect(writing).rejects.toMatchObject({ code: 'DISK_FULL', details: { path } })
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['a.txt'])
})

test('a place that cannot be written is USAGE, anything else stays what it was', async () => {
  writeFileSync(join(folder, 'file'), '')
  const path = join(folder, 'file', 'a.txt')
  const error: unknown = await writeAtomically(path, 'x').catch((thrown: unknown) => thrown)
  expect(pathError(error, path)).toMatchObject({ code: 'USAGE' })
  const other = new Error('other')
  expect(pathError(other, path)).toBe(other)
})
