import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { DriftAction, DriftActions } from '#core/registry'

/** An empty store. */
export interface DriftActionsFixture {
  readonly actions: DriftActions
  close(): Promise<void> | void
}

const hour = 3_600_000

/** What every store of drift actions promises. */
export function describeDriftActions(name: string, open: () => Promise<DriftActionsFixture>): void {
  describe(`${name} keeps the promises of drift actions`, () => {
    let fixture: DriftActionsFixture
    let actions: DriftActions
    beforeEach(async () => {
      fixture = await open()
      actions = fixture.actions
    })
    afterEach(() => fixture.close())

    const action = (changes: Partial<DriftAction> = {}): DriftAction => ({
      kind: 'retrain-wanted',
      version: 3,
      symbol: 'BTC/USDT',
      widthMs: 4 * hour,
      at: 1_700_000_000_123,
      reason: 'calibration 3.4 of 3',
      ...changes,
    })

    test('an action comes back as it was recorded, of its version alone', async () => {
      expect(await actions.record(action())).toBe(true)
      expect(await actions.record(action({ version: 4 }))).toBe(true)
      expect(await actions.of(3)).toEqual([action()])
    })

    test('of replicas that act at once one is told that it was the first', async () => {
      const first = await Promise.all(Array.from({ length: 8 }, (_, i) => actions.record(action({ at: 1000 + i }))))
      expect(first.filter(Boolean)).toHaveLength(1)
      expect(await actions.of(3)).toHaveLength(1)
    })

    test('another kind, series or version is another action', async () => {
      await actions.record(action())
      for (const changes of [{ kind: 'hold-only' as const }, { symbol: 'ETH/USDT' }, { widthMs: hour }]) {
        expect(await actions.record(action(changes))).toBe(true)
      }
      expect(await actions.of(3)).toHaveLength(4)
    })

    test('the demotion of a version that is reinstated stays, with who did it and why; the next one is another', async () => {
      const demotion = action({ kind: 'hold-only' })
      const reinstatement = { at: 1_700_000_500_000, by: 'ann', why: 'the feed was wrong' }
      expect(await actions.reinstate(3, reinstatement)).toBe(0)
      await actions.record(demotion)
      await actions.record(action({ kind: 'hold-only', symbol: 'ETH/USDT' }))
      await actions.record(action({ kind: 'hold-only', version: 4 }))
      await actions.record(action())
      expect(await actions.reinstate(3, reinstatement)).toBe(2)
      expect(await actions.reinstate(3, reinstatement)).toBe(0)
      expect(await actions.record(demotion)).toBe(true)
      expect(await actions.record(demotion)).toBe(false)
      expect(await actions.of(3)).toEqual([
        { ...demotion, reinstated: reinstatement },
        { ...demotion, symbol: 'ETH/USDT', reinstated: reinstatement },
        action(),
        demotion,
      ])
      expect((await actions.of(4))[0]).not.toHaveProperty('reinstated')
    })

    test('a run answers the wishes of its series that are older than it, once', async () => {
      await actions.record(action({ at: 1000 }))
      await actions.record(action({ version: 4, at: 9000 }))
      await actions.record(action({ symbol: 'ETH/USDT', at: 1000 }))
      await actions.record(action({ kind: 'hold-only', at: 1000 }))
      const series = { symbol: 'BTC/USDT', widthMs: 4 * hour }
      expect(await actions.settleRetrain(series, 5000)).toBe(1)
      expect(await actions.settleRetrain(series, 5000)).toBe(0)
      expect((await actions.retrainWanted()).map(({ symbol, version }) => [symbol, version])).toEqual([
        ['BTC/USDT', 4],
        ['ETH/USDT', 3],
      ])
      expect(await actions.record(action({ at: 1000 }))).toBe(false)
    })
  })
}
