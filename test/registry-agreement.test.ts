import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toErrorData } from '#core/errors'
import type { ModelRegistry } from '#core/registry'
import { exampleDecision, exampleManifest, firstVersion as noChampion } from '#core/registry/testing'
import { MemoryModelRegistry } from '#platform/memory'
import { openDatabase, PostgresModelRegistry, type Database } from '#platform/postgres'

const home = mkdtempSync(join(tmpdir(), 'bullpen-agreement-'))
let database: Database
let registries: readonly [ModelRegistry, ModelRegistry]
let now = 1_700_000_000_000

beforeAll(async () => {
  database = await openDatabase({ home, onNote: () => undefined })
  const clock = (): number => now
  registries = [new PostgresModelRegistry(database, clock), new MemoryModelRegistry(clock)]
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true })
})

/** One call. Aliases and runs are small numbers, made unique to a sequence; versions count from its start. */
type Call =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'publish'; readonly run: number; readonly alias: number | null }
  | {
      readonly do: 'judge'
      readonly run: number
      readonly alias: number
      readonly against: number
      readonly promoted: boolean
    }
  | { readonly do: 'move'; readonly alias: number; readonly version: number; readonly override: boolean }
  | { readonly do: 'rollback' | 'resolve' | 'history' | 'decisions'; readonly alias: number }
  | { readonly do: 'resolveAt'; readonly alias: number; readonly ago: number }

/** Of three aliases the last is guarded. */
const alias = fc.nat(2)
const call: fc.Arbitrary<Call> = fc.oneof(
  // Clocks of machines differ, so time may also seem to run backwards.
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: -50, max: 200 }) }),
  fc.record({ do: fc.constant('publish' as const), run: fc.nat(5), alias: fc.option(alias) }),
  fc.record({ do: fc.constant('judge' as const), run: fc.nat(5), alias, against: fc.nat(3), promoted: fc.boolean() }),
  fc.record({
    do: fc.constant('move' as const),
    alias,
    version: fc.integer({ min: -1, max: 6 }),
    override: fc.boolean(),
  }),
  fc.record({
    do: fc.constantFrom('rollback' as const, 'resolve' as const, 'history' as const, 'decisions' as const),
    alias,
  }),
  fc.record({ do: fc.constant('resolveAt' as const), alias, ago: fc.integer({ min: -10, max: 1000 }) }),
)

async function make(call: Call, registry: ModelRegistry, sequence: number, firstVersion: number): Promise<unknown> {
  const name = (n: number): string => `${n === 2 ? 'champion' : 'alias'}-${sequence}-${n}`
  switch (call.do) {
    case 'wait':
      return null
    case 'publish': {
      const manifest = exampleManifest(`run ${sequence}/${call.run}`)
      return registry.publish(
        manifest,
        call.alias === null ? {} : { alias: { name: name(call.alias), reason: 'made' } },
      )
    }
    case 'judge': {
      const refused = { promoted: false, reason: 'not-better' } as const
      const champion = firstVersion + call.against
      const judged = exampleDecision(champion, { alias: name(call.alias), ...(call.promoted ? {} : refused) })
      const first = { ...noChampion, alias: name(call.alias) }
      const decision = call.against === 0 ? first : judged
      return registry.publish(exampleManifest(`run ${sequence}/${call.run}`), { decision })
    }
    case 'decisions':
      return (await registry.decisions(name(call.alias))).map(({ id, ...decision }) => ({ ...decision, id: id > 0 }))
    case 'move':
      return registry.moveAlias(name(call.alias), firstVersion + call.version, 'moved', {
        ...(call.override ? { override: { reason: 'urgent', by: 'ada' } } : {}),
      })
    case 'rollback':
      return registry.rollback(name(call.alias), 'bad')
    case 'resolve':
      return registry.resolve(name(call.alias))
    case 'history':
      return registry.history(name(call.alias))
    case 'resolveAt':
      return registry.resolveAt(name(call.alias), now - call.ago)
  }
}

test('whatever is asked of them, PostgreSQL and memory answer the same', async () => {
  let sequence = 0
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 30 }), async (calls) => {
      sequence++
      const firstVersion = (await registries[1].list()).length + 1
      for (const one of calls) {
        if (one.do === 'wait') now += one.ms
        const answers = registries.map((registry) => make(one, registry, sequence, firstVersion).catch(toErrorData))
        const [stored, kept] = await Promise.all(answers)
        expect(stored).toEqual(kept)
      }
      expect(await registries[0].list()).toEqual(await registries[1].list())
      expect(await registries[0].aliases()).toEqual(await registries[1].aliases())
    }),
    { numRuns: 25, seed: 7 },
  )
})
