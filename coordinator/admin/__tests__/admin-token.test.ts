import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { adminTokenFile } from '../index.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'admin-token-'))
  path = join(folder, 'home', 'admin-token')
})
afterEach(() => rm(folder, { recursive: true }))

test('a token is made once, only its owner may read it, and no draft is left', async () => {
  const token = await adminTokenFile(path)
  expect(token).toMatch(/^[\w-]{43}$/)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await adminTokenFile(path)).toBe(token)
  expect(await readdir(join(folder, 'home'))).toEqual(['admin-token'])
})

test('processes that ask at once get the same token', async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, () => adminTokenFile(path)))
  expect(new Set(tokens).size).toBe(1)
})

test('a token that others may read, or that is none, is refused', async () => {
  const token = await adminTokenFile(path)
  await chmod(path, 0o644)
  await expect(adminTokenFile(path)).rejects.toMatchObject({ code: 'TOKEN_FILE_UNSAFE' })
  await chmod(path, 0o600)
  await writeFile(path, 'short')
  const error = await adminTokenFile(path).catch((thrown: unknown) => thrown as Error)
  expect(error).toMatchObject({ code: 'TOKEN_FILE_UNSAFE' })
  expect(String(error)).not.toContain(token)
})
