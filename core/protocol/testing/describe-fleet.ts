import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AgentFacts, Fleet } from '../fleet.ts'

/** An empty fleet and a way to let time pass. */
export interface FleetFixture {
  readonly fleet: Fleet
  /** Makes everything the fleet has a time of `ms` older. */
  pass(ms: number): Promise<void> | void
  close(): Promise<void> | void
}

const heartbeatMs = 10_000
const hourMs = 3_600_000
const facts = (id: string, more: Partial<AgentFacts> = {}): AgentFacts => ({
  id,
  host: 'host-1',
  pid: 42,
  route: 'own-p1-test',
  threads: 4,
  cores: 8,
  memoryBytes: 64 * 2 ** 30,
  engine: 'native 1.7.4',
  versions: { bullpen: '0.1.0', node: '20.19.0' },
  price: { perHour: 0.125, currency: 'EUR' },
  ...more,
})
const running = { state: 'running', busy: 3, done: 10, failed: 1 } as const

/** The contract of Fleet as tests, over fleets made by `open`. */
export function describeFleet(name: string, open: () => Promise<FleetFixture>): void {
  describe(`${name} keeps the promises of a fleet`, () => {
    let fixture: FleetFixture
    let fleet: Fleet
    const states = async () => (await fleet.list()).map(({ id, state }) => [id, state])

    beforeEach(async () => {
      fixture = await open()
      fleet = fixture.fleet
    })
    afterEach(() => fixture.close())

    test('an agent that joined is listed with its facts, the oldest first', async () => {
      await fleet.join(facts('b'), heartbeatMs)
      await fixture.pass(10)
      await fleet.join(facts('a', { price: null, engine: '' }), heartbeatMs)
      const [b, a] = await fleet.list()
      const fresh = { state: 'running', busy: 0, done: 0, failed: 0, leftAt: null, leftBecause: null }
      expect(b).toEqual({
        ...facts('b'),
        ...fresh,
        joinedAt: b?.heartbeatAt,
        heartbeatAt: expect.any(Number) as unknown,
      })
      expect(a).toMatchObject({ id: 'a', price: null, engine: '' })
    })

    test('a pulse brings figures and state, and joining again starts afresh', async () => {
      await fleet.join(facts('a'), heartbeatMs)
      await fixture.pass(1000)
      await fleet.pulse('a', { ...running, state: 'draining' })
      const [agent] = await fleet.list()
      expect(agent).toMatchObject({ state: 'draining', busy: 3, done: 10, failed: 1 })
      expect(agent!.heartbeatAt).toBeGreaterThan(agent!.joinedAt)
      await fleet.join(facts('a', { threads: 2 }), heartbeatMs)
      expect(await fleet.list()).toMatchObject([{ threads: 2, state: 'running', busy: 0, joinedAt: agent?.joinedAt }])
    })

    test('an agent whose heartbeat is overdue by two periods is lost, and a pulse brings it back', async () => {
      await fleet.join(facts('a'), heartbeatMs)
      await fixture.pass(3 * heartbeatMs - 3000)
      expect(await states()).toEqual([['a', 'running']])
      await fixture.pass(3000)
      expect(await states()).toEqual([['a', 'lost']])
      await fleet.pulse('a', running)
      expect(await fleet.list()).toMatchObject([{ id: 'a', state: 'running', leftAt: null }])
    })

    test('an agent that left says why, once, and a late pulse does not bring it back', async () => {
      await fleet.join(facts('a'), heartbeatMs)
      await fleet.pulse('a', running)
      await fleet.leave('a', 'idle for 60 s')
      await fleet.leave('a', 'again')
      await fleet.pulse('a', running)
      const [agent] = await fleet.list()
      expect(agent).toMatchObject({ state: 'left', busy: 0, done: 10, leftBecause: 'idle for 60 s' })
      expect(agent!.leftAt).toBeGreaterThanOrEqual(agent!.joinedAt)
    })

    test('who left or was lost long ago is not listed', async () => {
      await fleet.join(facts('left'), heartbeatMs)
      await fleet.leave('left', 'told to')
      await fixture.pass(1)
      await fleet.join(facts('lost'), heartbeatMs)
      await fixture.pass(hourMs - 10_000)
      expect(await states()).toEqual([
        ['left', 'left'],
        ['lost', 'lost'],
      ])
      await fixture.pass(20_000)
      expect(await states()).toEqual([['lost', 'lost']])
      await fixture.pass(30_000)
      expect(await states()).toEqual([])
      expect(await fleet.list(2 * hourMs)).toHaveLength(2)
    })

    test('of an agent nobody knows, nothing is told and nothing kept', async () => {
      await fleet.pulse('x', running)
      await fleet.leave('x', 'told to')
      expect(await fleet.list()).toEqual([])
    })
  })
}
