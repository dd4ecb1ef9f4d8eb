import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { checkManifest } from '#core/registry'
import { exampleManifest } from '#core/registry/testing'

type Path = readonly (string | number)[]

/** Paths of all members a manifest must have: not those of its free-form records. */
function memberPaths(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return []
  if (['splits', 'search', 'parameters'].includes(String(path.at(-1)))) return []
  return Object.entries(value).flatMap(([key, member]) => [[...path, key], ...memberPaths(member, [...path, key])])
}

function changed(path: Path, change: (parent: Record<string, unknown>, key: string) => void): unknown {
  const copy = structuredClone(exampleManifest('r')) as unknown as Record<string, unknown>
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, copy)
  change(parent, String(path.at(-1)))
  return copy
}

test('a whole manifest passes and comes back as it is', () => {
  const manifest = exampleManifest('r')
  expect(checkManifest(manifest)).toBe(manifest)
  const stored: unknown = JSON.parse(JSON.stringify(manifest))
  expect(checkManifest(stored)).toEqual(manifest)
})

test('without any one member, or with a value of a wrong kind in it, it is refused', () => {
  // A certificate may be absent, and its checks may say what they like: the registry judges it as a whole.
  const paths = memberPaths(exampleManifest('r')).filter(([member]) => member !== 'certificate')
  expect(paths.length).toBeGreaterThan(40)
  const wrong = fc.constantFrom<unknown>(undefined, NaN, Infinity, '', [], [1], true)
  fc.assert(
    fc.property(fc.constantFrom(...paths), wrong, (path, value) => {
      const damaged = changed(path, (parent, key) => {
        if (value === undefined) Reflect.deleteProperty(parent, key)
        else parent[key] = value
      })
      fc.pre(!(path[0] === 'notes' && Array.isArray(value) && value.length === 0))
      expect(() => checkManifest(damaged)).toThrow(expect.objectContaining({ code: 'MANIFEST_INVALID' }))
    }),
    { numRuns: 150 },
  )
})

test.each<[Path, unknown]>([
  [['model', 'sha256'], 'A'.repeat(64)],
  [['contract', 'columns'], []],
  [
    ['contract', 'columns'],
    ['a', 'a'],
  ],
  [['contract', 'policy'], { kind: 'thresholds', buy: 1.5, sell: 0.5 }],
  [['data', 'rows'], 2.5],
  [['gitCommit'], 'not a commit'],
  [['certificate', 'statement', 'modelSha256'], 'none'],
  [['certificate', 'signature', 'algorithm'], 'rot13'],
  [['heldOut', 'rocAucOvrWeighted'], 1.01],
])('%j holding %j is refused at its place', (path, value) => {
  const damaged = changed(path, (parent, key) => (parent[key] = value))
  expect(() => checkManifest(damaged)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ path: `/${path.join('/')}` }) as unknown }),
  )
})

const curve = { x: [0.1, 0.5], y: [0.2, 0.6] }
const contract = (classes: readonly unknown[]) =>
  ({ ...exampleManifest('r').contract, calibration: { kind: 'isotonic', classes } }) as never

test('a manifest carries its calibration and what was measured of it', () => {
  const reliability = { rows: 10, brier: 0.5, ece: 0.02, logLoss: 0.9 }
  const acted = { rows: 3, meanReturn: -0.001 }
  const measures = { before: reliability, after: reliability, buy: acted, sell: acted }
  const record = {
    kind: 'isotonic',
    policy: 'argmax',
    bars: 9,
    feeBps: 10,
    outOfFold: measures,
    heldOut: measures,
  } as const
  const manifest = exampleManifest('r', { contract: contract([curve, curve, curve]), calibration: record })
  expect(checkManifest(manifest)).toBe(manifest)
})

test.each([
  ['/contract/calibration/classes/1', [curve, { x: [0.1], y: [0.2, 0.6] }, curve]],
  ['/contract/calibration/classes/0/x/1', [{ x: [0.5, 0.5], y: [0.2, 0.6] }, curve, curve]],
  ['/contract/calibration/classes/2/y/1', [curve, curve, { x: [0.1, 0.5], y: [0.6, 0.2] }]],
  ['/contract/calibration/classes/0/y/0', [{ x: [0.1, 0.5], y: [0, 0.2] }, curve, curve]],
])('a calibration that breaks the rules of a curve at %s is refused there', (path, classes) => {
  expect(() => checkManifest(exampleManifest('r', { contract: contract(classes) }))).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ path }) as unknown }),
  )
})
