import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import type { ApiKeys, StoredApiKey } from '#core/registry'

/** No keys yet. */
export interface ApiKeysFixture {
  readonly keys: ApiKeys
  close(): Promise<void> | void
}

/** What every store of API keys promises. `clock` answers 1,000, 2,000 and so on. */
export function describeApiKeys(name: string, open: (clock: () => number) => Promise<ApiKeysFixture>): void {
  describe(`${name} keeps the promises of a store of API keys`, () => {
    let fixture: ApiKeysFixture
    let keys: ApiKeys
    beforeEach(async () => {
      let now = 0
      fixture = await open(() => (now += 1000))
      keys = fixture.keys
    })
    afterEach(() => fixture.close())

    const key = (id: string): Omit<StoredApiKey, 'createdAt' | 'revokedAt'> => ({
      id,
      name: `key ${id}`,
      scope: 'write',
      expiresAt: 5_000_000_000_000,
      secretSha256: sha256(id),
    })

    test('a key is found with the hash of its secret', async () => {
      const added = await keys.add(key('aaaaaaaaaaaa'))
      expect(added).toMatchObject({ id: 'aaaaaaaaaaaa', scope: 'write', createdAt: 1000, revokedAt: null })
      expect(await keys.find('aaaaaaaaaaaa')).toEqual({ ...added, secretSha256: sha256('aaaaaaaaaaaa') })
      expect(await keys.find('bbbbbbbbbbbb')).toBeNull()
    })

    test('a listing is newest first and says nothing of secrets', async () => {
      await keys.add(key('aaaaaaaaaaaa'))
      await keys.add({ ...key('bbbbbbbbbbbb'), expiresAt: null, scope: 'admin' })
      const listed = await keys.list()
      expect(listed.map(({ id, scope, expiresAt }) => [id, scope, expiresAt])).toEqual([
        ['bbbbbbbbbbbb', 'admin', null],
        ['aaaaaaaaaaaa', 'write', 5_000_000_000_000],
      ])
      expect(JSON.stringify(listed)).not.toContain(sha256('aaaaaaaaaaaa'))
    })

    test('a revoked key stays, with the time it was first revoked', async () => {
      await keys.add(key('aaaaaaaaaaaa'))
      expect(await keys.revoke('aaaaaaaaaaaa')).toMatchObject({ revokedAt: 2000 })
      expect(await keys.revoke('aaaaaaaaaaaa')).toMatchObject({ revokedAt: 2000 })
      expect(await keys.find('aaaaaaaaaaaa')).toMatchObject({ revokedAt: 2000 })
    })

    test('what is not there cannot be revoked', async () => {
      await expect(keys.revoke('aaaaaaaaaaaa')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    })
  })
}
