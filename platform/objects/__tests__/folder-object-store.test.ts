import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeObjectStore } from '#core/registry/testing'
import { FolderObjectStore } from '#platform/objects'

describeObjectStore('FolderObjectStore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-objects-'))
  return Promise.resolve({
    store: new FolderObjectStore(join(folder, 'made', 'when', 'needed')),
    damage: (name, content) => {
      writeFileSync(join(folder, 'made', 'when', 'needed', name.slice(0, 2), name.slice(2)), content)
    },
    close: () => {
      rmSync(folder, { recursive: true })
    },
  })
})
