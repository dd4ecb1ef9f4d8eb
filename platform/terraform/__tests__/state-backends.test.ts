import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DataResource, TerraformOutput, TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'
import { synthesize } from '#infra-model'
import { S3Double } from '#platform/objects/testing'
import { openDatabase, type Database } from '#platform/postgres'
import { keepState, type State } from '../../../infra-model/inputs/state.ts'
import { until } from '../../../test/cluster/testing/until.ts'
import type { StateBackend } from '../state-backend.ts'
import { Terraform } from '../terraform.ts'
import { lockIdOf } from '../terraform-reason.ts'

// States that several machines share, as the stacks themselves name them and as bullpen's own terraform does.

/** One place for states, in both ways of naming it. */
interface Place {
  readonly state: State
  readonly backend: StateBackend
  /** What plain terraform is told of it by the environment. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Set by `npm run test:s3`, which starts a real server there. */
const realEndpoint = process.env['S3_TEST_ENDPOINT']
const places: Readonly<Record<string, (folder: string) => Promise<Place>>> = {
  pg: postgres,
  's3, a stand-in': standInS3,
  ...(realEndpoint === undefined ? {} : { 's3, a real server': () => s3At(realEndpoint) }),
}
const signal = new AbortController().signal
const isInstalled = spawnSync('sh', ['-c', 'command -v terraform']).status === 0
if (!isInstalled) console.warn('SKIPPED, NOT TESTED: "shared states" needs terraform, not installed here')

;(isInstalled ? describe : describe.skip).each(Object.entries(places))('a state in %s', (name, openPlace) => {
  const isObject = name.startsWith('s3')
  let home: string
  let place: Place
  let folder: string

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'bullpen-states-'))
    place = await openPlace(home)
  })
  afterAll(async () => {
    await place.close()
    rmSync(home, { recursive: true, force: true })
  })
  beforeEach(() => {
    folder = mkdtempSync(join(home, 'stacks-'))
  })
  afterEach(async () => {
    await ours('last', 'true').then(async (terraform) => {
      await terraform.init(signal)
      await terraform.destroy(signal, { breakLock: true })
    })
  })

  test('is one for plain terraform and for bullpen, whoever wrote it, and no file of it stays here', async () => {
    const plain = await stackIn('plain', 'true')
    await terraform(plain, 'init')
    await terraform(plain, 'apply', '-auto-approve')
    expect(readdirSync(plain).filter((file) => file.endsWith('.tfstate'))).toEqual([])

    const other = await ours('other', 'true')
    await other.init(signal)
    expect(await other.output(signal)).toEqual({ greeting: 'hello' })
    expect(await other.plan(signal)).toBe(false)
    await other.destroy(signal)
    expect(await terraform(plain, 'output', '-json')).toBe('{}\n')
  })

  test('refuses a second apply while the first is at work', async () => {
    const first = await ours('first', waiting())
    const stop = new AbortController()
    await first.init(signal)
    const stopped = first.apply(stop.signal)
    stopped.catch(() => undefined)
    await until('the command', () => Promise.resolve(startedPid()))
    const second = await ours('second', 'true')
    await second.init(signal)
    await expect(second.apply(signal)).rejects.toThrow('Error acquiring the state lock')
    const plain = await stackIn('plain', 'true')
    await terraform(plain, 'init')
    await expect(terraform(plain, 'apply', '-auto-approve')).rejects.toThrow('Error acquiring the state lock')
    if (!isObject) {
      // The lock belongs to a connection, and no other can give it back.
      await terraform(plain, 'force-unlock', '-force', 'any').catch(() => undefined)
      await expect(second.apply(signal)).rejects.toThrow('Error acquiring the state lock')
    }
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    await second.apply(signal)
  })

  test(`that was locked by a terraform which was killed is ${isObject ? 'locked until that is broken' : 'free'}`, async () => {
    const first = await ours('first', waiting())
    await first.init(signal)
    const killed = first.apply(signal)
    killed.catch(() => undefined)
    await until('the command', () => Promise.resolve(startedPid()))
    process.kill(-(await first.running.now())!.pid, 'SIGKILL')
    await expect(killed).rejects.toThrow('it was killed')

    const second = await ours('second', 'true')
    await second.init(signal)
    if (isObject) {
      await expect(second.apply(signal)).rejects.toThrow('Error acquiring the state lock')
      const lock = lockIdOf(readFileSync(join(folder, 'second', 'stacks', 'week', 'apply.log'), 'utf8'))!
      const plain = await stackIn('plain', 'true')
      await terraform(plain, 'init')
      await terraform(plain, 'force-unlock', '-force', lock)
    }
    await second.apply(signal)
  })

  /** A stack of one resource, in a folder of its own, whose state lies in the place. */
  function stackIn(where: string, command: string): Promise<string> {
    const build = (app: Construct) => {
      const stack = new TerraformStack(app, 'week')
      keepState(stack, place.state, 'week')
      const provisioners = [{ type: 'local-exec' as const, command }]
      const thing = new DataResource(stack, 'thing', { input: { said: 'hello' }, provisioners })
      new TerraformOutput(stack, 'greeting', { value: `\${terraform_data.${thing.friendlyUniqueId}.output.said}` })
      return stack
    }
    return synthesize({ name: 'week', bindings: false, build }, {}, join(folder, where))
  }

  async function ours(where: string, command: string): Promise<Terraform> {
    const { backend, env } = place
    return new Terraform({ folder: await stackIn(where, command), target: 'local', backend, env, graceMs: 5000 })
  }

  async function terraform(where: string, ...words: string[]): Promise<string> {
    const rc = join(folder, 'terraform.rc')
    writeFileSync(rc, '')
    const env = { PATH: process.env['PATH'], TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: '1', ...place.env }
    const options = { env, timeout: 60_000 }
    return (await promisify(execFile)('terraform', [`-chdir=${where}`, ...words], options)).stdout
  }

  function waiting(): string {
    return `echo $$ >${folder}/started; exec sleep 300`
  }

  function startedPid(): number | null {
    try {
      return Number(readFileSync(join(folder, 'started'), 'utf8')) || null
    } catch {
      return null
    }
  }
})

async function postgres(home: string): Promise<Place> {
  const database = await openDatabase({ home, onNote: () => undefined })
  const url = await urlOf(database)
  return {
    state: { kind: 'pg', schema: 'terraform' },
    backend: { kind: 'pg', url, schema: 'terraform_week' },
    env: { PG_CONN_STR: url },
    close: () => database.close(),
  }
}

async function standInS3(): Promise<Place> {
  const server = new S3Double()
  const place = await s3At(await server.listen())
  return { ...place, close: () => server.close() }
}

async function s3At(endpoint: string): Promise<Place> {
  const env = {
    AWS_ACCESS_KEY_ID: process.env['AWS_ACCESS_KEY_ID'] ?? 'test',
    AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
  }
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY }
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  await client.send(new CreateBucketCommand({ Bucket: 'states' }))
  client.destroy()
  const where = { bucket: 'states', region: 'us-east-1', endpoint }
  return {
    state: { kind: 's3', prefix: 'terraform/clusters', ...where },
    backend: { kind: 's3', key: 'terraform/clusters/week.tfstate', ...where },
    env,
    close: () => Promise.resolve(),
  }
}

async function urlOf(database: Database): Promise<string> {
  const [where] = await database.query<{ folder: string; name: string; role: string }>(
    `SELECT current_setting('unix_socket_directories') AS folder, current_database() AS name, current_user AS role`,
  )
  const { folder: socket, name, role } = where!
  return `postgres://${role}@/${name}?host=${encodeURIComponent(socket.replaceAll('"', ''))}`
}
