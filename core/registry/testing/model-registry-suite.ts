import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ModelRegistry } from '#core/registry'
import { exampleCertificate, exampleManifest } from './example-manifest.ts'
import type { ModelRegistryFixture } from './model-registry-fixture.ts'
import { describePromotion } from './promotion-suite.ts'

const start = 1_700_000_000_000

/** What every model registry promises. */
export function describeModelRegistry(
  name: string,
  open: (clock: () => number) => Promise<ModelRegistryFixture>,
): void {
  describePromotion(name, open)
  describe(`${name} keeps the promises of a model registry`, () => {
    let fixture: ModelRegistryFixture
    let registry: ModelRegistry
    let now = start

    beforeEach(async () => {
      now = start
      fixture = await open(() => now)
      registry = fixture.registry
    })
    afterEach(() => fixture.close())

    const publish = (runId: string) => registry.publish(exampleManifest(runId))
    const versions = async (count: number): Promise<void> => {
      for (let i = 1; i <= count; i++) await publish(`run ${i}`)
    }
    const steady = async (): Promise<number | undefined> => (await registry.resolve('steady'))?.version

    test('versions count from 1 and carry their manifest and time', async () => {
      expect(await publish('a')).toEqual({ version: 1, createdAt: start, manifest: exampleManifest('a') })
      now += 5
      expect(await publish('b')).toEqual({ version: 2, createdAt: start + 5, manifest: exampleManifest('b') })
      expect((await registry.list()).map(({ version }) => version)).toEqual([2, 1])
      expect(await registry.get(1)).toEqual({ version: 1, createdAt: start, manifest: exampleManifest('a') })
    })

    test('publishing moves the alias with it', async () => {
      await registry.publish(exampleManifest('a'), { alias: { name: 'steady', reason: 'first' } })
      expect(await steady()).toBe(1)
      expect(await registry.history('steady')).toEqual([
        { alias: 'steady', version: 1, kind: 'move', at: start, reason: 'first' },
      ])
    })

    test('publishing a run again gives the version it has and changes nothing', async () => {
      const first = await registry.publish(exampleManifest('a'), { alias: { name: 'steady', reason: 'first' } })
      await publish('b')
      await registry.moveAlias('steady', 2, 'better')
      now += 1000
      const again = await registry.publish(exampleManifest('a', { seed: 8 }), {
        alias: { name: 'steady', reason: 'again' },
      })
      expect(again).toEqual(first)
      expect(await steady()).toBe(2)
      expect(await registry.list()).toHaveLength(2)
    })

    test('runs that publish at once get different versions without a hole', async () => {
      const names = Array.from({ length: 8 }, (_, i) => `run ${i % 6}`)
      const made = await Promise.all(names.map((runId) => registry.publish(exampleManifest(runId))))
      expect(new Set(made.map(({ version }) => version))).toEqual(new Set([1, 2, 3, 4, 5, 6]))
      expect(made[6]).toEqual(made[0])
    })

    test('a manifest that does not fit is refused with the place, and nothing is registered', async () => {
      const damaged = { ...exampleManifest('a'), data: { ...exampleManifest('a').data, rows: NaN } }
      await expect(registry.publish(damaged, { alias: { name: 'steady', reason: '' } })).rejects.toMatchObject({
        code: 'MANIFEST_INVALID',
        details: { path: '/data/rows' },
      })
      expect(await registry.list()).toEqual([])
      expect(await registry.aliases()).toEqual({})
    })

    test('a version is registered only with a passing certificate of its own, signed', async () => {
      const manifest = exampleManifest('a')
      const { certificate: own, ...without } = manifest
      const failing = exampleCertificate(manifest, [
        { name: 'folds-clear', passed: false, summary: '7 training rows touch', figures: {} },
      ])
      const refused = [
        ['CERTIFICATE_MISSING', without],
        ['CERTIFICATE_FAILED', { ...without, certificate: failing }],
        ['CERTIFICATE_INVALID', { ...without, certificate: exampleManifest('b').certificate! }],
        ['CERTIFICATE_INVALID', { ...without, certificate: { ...own!, signature: failing.signature } }],
      ] as const
      for (const [code, candidate] of refused) {
        await expect(registry.publish(candidate)).rejects.toMatchObject({ code })
      }
      expect(await registry.list()).toEqual([])
    })

    test('a failed publication takes its alias back', async () => {
      const aliasing = registry.publish(exampleManifest('a'), { alias: { name: 'No Name', reason: '' } })
      await expect(aliasing).rejects.toMatchObject({ code: 'ALIAS_INVALID' })
      expect(await registry.list()).toEqual([])
    })

    test.each([0, 3, -1, 1.5, 2 ** 40])('version %d is not found', async (version) => {
      await versions(2)
      const missing = { code: 'MODEL_VERSION_NOT_FOUND', details: { version } }
      await expect(registry.get(version)).rejects.toMatchObject(missing)
      await expect(registry.moveAlias('steady', version, '')).rejects.toMatchObject(missing)
      expect(await registry.aliases()).toEqual({})
    })

    test('an alias that was never set points at nothing', async () => {
      expect(await registry.resolve('steady')).toBeNull()
      expect(await registry.resolveAt('steady', start)).toBeNull()
      expect(await registry.history('steady')).toEqual([])
      await versions(1)
      await registry.moveAlias('shadow', 1, '')
      await expect(registry.rollback('steady', '')).rejects.toMatchObject({
        code: 'UNKNOWN_NAME',
        details: { kind: 'alias', name: 'steady', known: 'shadow' },
      })
    })

    test('history says where an alias pointed at any time', async () => {
      await versions(3)
      for (const version of [1, 3, 2]) {
        now += 1000
        await registry.moveAlias('steady', version, `to ${version}`)
      }
      const at = async (ms: number) => (await registry.resolveAt('steady', start + ms))?.version ?? null
      expect(await Promise.all([999, 1000, 1999, 2000, 3000, 1e12].map(at))).toEqual([null, 1, 1, 3, 2, 2])
      expect(await registry.resolveAt('steady', -Infinity)).toBeNull()
      expect((await registry.resolveAt('steady', Infinity))?.version).toBe(2)
    })

    test('of moves within one millisecond the last holds, and a clock set back does not reorder history', async () => {
      await versions(3)
      await registry.moveAlias('steady', 1, '')
      await registry.moveAlias('steady', 2, '')
      expect((await registry.resolveAt('steady', start))?.version).toBe(2)
      now -= 60_000
      expect((await registry.moveAlias('steady', 3, '')).at).toBe(start)
      expect((await registry.resolveAt('steady', start))?.version).toBe(3)
    })

    test('rolling back walks further back each time, past repeated versions, to the first', async () => {
      await versions(3)
      for (const version of [1, 2, 2, 3]) await registry.moveAlias('steady', version, '')
      expect(await registry.rollback('steady', 'bad')).toEqual({
        alias: 'steady',
        version: 2,
        kind: 'rollback',
        at: start,
        reason: 'bad',
      })
      expect(await steady()).toBe(2)
      await registry.rollback('steady', 'worse')
      expect(await steady()).toBe(1)
      await expect(registry.rollback('steady', '')).rejects.toMatchObject({ code: 'NO_EARLIER_VERSION' })
      expect(await steady()).toBe(1)
      expect((await registry.history('steady')).map(({ kind }) => kind.charAt(0)).join('')).toBe('mmmmrr')
    })

    test('a version that was rolled back is not visited again', async () => {
      await versions(4)
      for (const version of [1, 2, 3]) await registry.moveAlias('steady', version, '')
      await registry.rollback('steady', '')
      await registry.moveAlias('steady', 4, '')
      expect((await registry.rollback('steady', '')).version).toBe(2)
    })

    test('a rollback of a version undoes one move, however many ask for it', async () => {
      await versions(3)
      for (const version of [1, 2, 3]) await registry.moveAlias('steady', version, '')
      const asked = await Promise.allSettled([1, 2, 3].map(() => registry.rollback('steady', 'bad scores', 3)))
      expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
      expect(asked.filter(({ status }) => status === 'rejected')[0]).toMatchObject({
        reason: { code: 'ALIAS_MOVED', details: { alias: 'steady', version: 2, from: 3 } },
      })
      expect(await steady()).toBe(2)
    })

    test('aliases move apart from each other', async () => {
      await versions(2)
      await registry.moveAlias('shadow', 2, '')
      await registry.moveAlias('steady', 1, '')
      await registry.moveAlias('steady', 2, '')
      await registry.rollback('steady', '')
      expect(await registry.aliases()).toEqual({ shadow: 2, steady: 1 })
    })

    test.each(['', 'Champion', '1st', 'a b', "x'; DROP TABLE", 'a'.repeat(64)])(
      'the text %j is no alias',
      async (alias) => {
        await versions(1)
        await expect(registry.moveAlias(alias, 1, '')).rejects.toMatchObject({ code: 'ALIAS_INVALID' })
      },
    )
  })
}
