import { expect, test } from '@jest/globals'
import { exampleManifest } from '#core/registry/testing'
import { loadChampion } from '../load-champion.ts'
import { readForestHere } from '../read-forest.ts'

const post = { alias: 'champion', series: undefined, takenBy: () => undefined }

test('a manifest that is not what its certificate was signed for is refused before anything is fetched', async () => {
  const manifest = exampleManifest('signed')
  const changed = { ...manifest, data: { ...manifest.data, sha256: 'f'.repeat(64) } }
  const get = (): Promise<Uint8Array> => Promise.reject(new Error('fetched'))
  await expect(loadChampion({ version: 1, manifest: changed }, post, { get }, readForestHere)).rejects.toMatchObject({
    code: 'CERTIFICATE_INVALID',
  })
})
