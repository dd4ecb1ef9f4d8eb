import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ModelRegistry, PromotionDecision } from '#core/registry'
import { evidenceWithLower, exampleDecision, exampleEvidence, firstVersion } from './example-decision.ts'
import { exampleManifest } from './example-manifest.ts'
import type { ModelRegistryFixture } from './model-registry-fixture.ts'

const start = 1_700_000_000_000
const refused: Partial<PromotionDecision> = { promoted: false, reason: 'not-better', text: 'it earned less' }
const override = { reason: 'the old one answers nonsense', by: 'ada' }

/** What every model registry promises of aliases that answer people. */
export function describePromotion(name: string, open: (clock: () => number) => Promise<ModelRegistryFixture>): void {
  describe(`${name} moves a guarded alias only as the gate lets it`, () => {
    let fixture: ModelRegistryFixture
    let registry: ModelRegistry

    beforeEach(async () => {
      fixture = await open(() => start)
      registry = fixture.registry
      await publish('a', firstVersion)
    })
    afterEach(() => fixture.close())

    const publish = (runId: string, decision?: PromotionDecision) =>
      registry.publish(exampleManifest(runId), decision === undefined ? {} : { decision })
    const champion = async (): Promise<number | undefined> => (await registry.resolve('champion'))?.version
    const refusal = (reason: string) => ({ code: 'PROMOTION_REFUSED', details: { alias: 'champion', reason } })

    test('a decision that passed moves its alias with the publication, and is kept', async () => {
      await publish('b', exampleDecision(1))
      expect(await champion()).toBe(2)
      expect(await registry.decisions('champion')).toMatchObject([
        { ...firstVersion, challenger: 1, runId: 'a', at: start, override: null },
        { ...exampleDecision(1), challenger: 2, runId: 'b', at: start, override: null },
      ])
      expect((await registry.history('champion')).at(-1)?.reason).toBe('better than version 1')
    })

    test('a decision that did not pass is kept and moves nothing, then or later', async () => {
      await publish('b', exampleDecision(1, refused))
      expect(await champion()).toBe(1)
      expect(await registry.decisions('champion')).toHaveLength(2)
      await expect(registry.moveAlias('champion', 2, 'please')).rejects.toMatchObject(refusal('not-better'))
    })

    test('a version that was not judged does not become champion', async () => {
      await publish('b')
      await expect(registry.moveAlias('champion', 2, 'please')).rejects.toMatchObject({
        ...refusal('no-decision'),
        details: { alias: 'champion', version: 2, champion: 1, reason: 'no-decision' },
      })
      const straight = registry.publish(exampleManifest('c'), { alias: { name: 'champion', reason: 'please' } })
      await expect(straight).rejects.toMatchObject(refusal('no-decision'))
      expect(await registry.list()).toHaveLength(2)
      expect(await champion()).toBe(1)
    })

    test('a decision against a champion of before registers nothing', async () => {
      await publish('b', exampleDecision(1))
      await expect(publish('c', exampleDecision(1))).rejects.toMatchObject(refusal('champion-changed'))
      expect(await registry.list()).toHaveLength(2)
      expect(await registry.decisions('champion')).toHaveLength(2)
      await publish('c', exampleDecision(1, refused))
      expect(await registry.list()).toHaveLength(3)
    })

    test.each([2, 9])('a decision against version %d, which is not there yet, is refused', async (incumbent) => {
      await expect(publish('b', exampleDecision(incumbent, refused))).rejects.toMatchObject({
        code: 'MODEL_VERSION_NOT_FOUND',
      })
      expect(await registry.list()).toHaveLength(1)
    })

    test('a decision is used once: what was rolled back does not return by it', async () => {
      await publish('b', exampleDecision(1))
      expect((await registry.rollback('champion', 'too many sells')).version).toBe(1)
      await expect(registry.moveAlias('champion', 2, 'again')).rejects.toMatchObject(refusal('decision-used'))
      expect(await champion()).toBe(1)
    })

    test('moving to the champion itself needs no decision', async () => {
      expect((await registry.moveAlias('champion', 1, 'to be sure')).version).toBe(1)
    })

    test('an override moves it all the same, and history and decisions say who and why', async () => {
      await publish('b', exampleDecision(1, refused))
      const move = { alias: 'champion', version: 2, kind: 'move', at: start, reason: 'by hand', override }
      expect(await registry.moveAlias('champion', 2, 'by hand', { override })).toEqual(move)
      expect(await champion()).toBe(2)
      expect((await registry.history('champion')).at(-1)).toEqual(move)
      expect((await registry.decisions('champion')).at(-1)).toMatchObject({
        challenger: 2,
        champion: 1,
        promoted: true,
        reason: 'override',
        runId: null,
        override,
      })
    })

    test.each([
      ['no reason', { reason: ' ', by: 'ada' }],
      ['no name', { reason: 'urgent', by: '' }],
    ])('an override with %s is refused', async (_, wordless) => {
      await publish('b')
      await expect(registry.moveAlias('champion', 2, '', { override: wordless })).rejects.toMatchObject({
        code: 'USAGE',
      })
      expect(await champion()).toBe(1)
    })

    test('names that begin with champion- are guarded alike, others are free', async () => {
      await expect(registry.moveAlias('champion-btc', 1, '')).rejects.toMatchObject({ code: 'PROMOTION_REFUSED' })
      await registry.moveAlias('champions', 1, '')
      await registry.publish(exampleManifest('b'), { decision: { ...firstVersion, alias: 'champion-btc' } })
      expect(await registry.aliases()).toEqual({ champion: 1, 'champion-btc': 2, champions: 1 })
    })

    test.each<[string, PromotionDecision]>([
      ['better, by numbers that are not', exampleDecision(1, { evidence: evidenceWithLower(0.01) })],
      ['better, on too few rows', exampleDecision(1, { evidence: exampleEvidence({ rows: 479 }) })],
      ['better, by no numbers', exampleDecision(1, { evidence: null })],
      ['promoted for a reason that refuses', exampleDecision(1, { reason: 'too-few-rows' })],
      ['first, with a champion', exampleDecision(1, { reason: 'first-version' })],
      ['an override without words', exampleDecision(1, { reason: 'override' })],
      ['not finite', exampleDecision(1, { evidence: evidenceWithLower(NaN) })],
    ])('a decision that is %s is refused and registers nothing', async (_, decision) => {
      await expect(publish('b', decision)).rejects.toMatchObject({ code: 'DECISION_INVALID' })
      expect(await registry.list()).toHaveLength(1)
    })
  })
}
