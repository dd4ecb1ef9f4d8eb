import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freePort } from '../coordinator/targets/free-port.ts'
import { describeWithTools } from '../coordinator/targets/testing/index.ts'
import { lookScript } from '#infra-model'
import { openDatabase, PostgresClusterStore, type Database } from '#platform/postgres'
import { makeHome } from './testing/command.ts'

// infra-model/README.md, "Plain Terraform", as people run it who want no wrapper: its lines, on this machine.

interface Process {
  readonly name: string
  readonly rental?: string
  readonly keeper?: readonly string[]
}
interface Inputs {
  home: string
  redisPort: number
  redis: Process
  workers: Process[]
  agents: { bullpen: string[]; threads?: number }
}

const page = readFileSync('infra-model/README.md', 'utf8')
const lines = /^```sh local\n(.*?)^```/ms.exec(page)![1]!.trim().split('\n')
const program = resolve('dist/coordinator/main/bullpen.js')

describeWithTools(
  ['terraform', 'redis-server', 'redis-cli', 'setpriv'],
  'the local stack under plain terraform',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bullpen-plain-'))
    const inputs = join(folder, 'local.json')
    let place: ReturnType<typeof makeHome>

    let database: Database

    beforeAll(async () => {
      place = makeHome()
      // Open all the while: else each command would start the server, and stop it.
      database = await openDatabase({ home: place.home, onNote: () => undefined })
      writeFileSync(join(folder, 'terraform.rc'), '')
    })
    afterAll(async () => {
      await shell('terraform -chdir=mine/out/stacks/local destroy').catch(() => undefined)
      await database.close()
      rmSync(folder, { recursive: true, force: true })
      place.remove()
    })

    test('the lines of the README bring it up, in the ledger, and leave nothing', async () => {
      const said = new Map<string, string>()
      for (const line of lines) {
        const { stdout } = await shell(line)
        said.set(line, stdout)
        if (line.includes('cp ')) await fillIn()
        if (line.endsWith(' apply')) {
          expect(await programs()).toEqual([
            'redis-server weekly/redis#1',
            'worker weekly/worker-1#1',
            'worker weekly/worker-2#1',
          ])
        }
      }
      const of = (words: string): string => [...said].find(([line]) => line.includes(words))![1]
      expect(of('rental book')).toMatch(/^cluster weekly is booked at local until 20.*\n {2}weekly\/redis#1\n/)
      expect(of(' output')).toMatch(/redis_url = "redis:\/\/127\.0\.0\.1:\d+"/)
      expect(of('cluster status')).toMatch(/^rented {2}weekly at local .* 3 rentals until/m)
      expect(
        of('cluster status')
          .match(/weekly\.worker-\d/g)
          ?.sort(),
      ).toEqual(['weekly.worker-1', 'weekly.worker-2'])
      expect(of('leaks')).toContain('no leak at local')
      expect(await programs()).toEqual([])
      expect(existsSync(join(place.home, 'clusters/weekly'))).toBe(false)
    }, 120_000)

    test('what was not booked anew does not start, and leaves nothing', async () => {
      await expect(shell('terraform -chdir=mine/out/stacks/local apply')).rejects.toThrow(
        /weekly\/redis#1\s+is\s+over:\s+it\s+has\s+ended/,
      )
      expect(await programs()).toEqual([])
      await shell('terraform -chdir=mine/out/stacks/local destroy')
    }, 60_000)

    test('booked again it has rentals of its own, and the rest of the file is as it was', async () => {
      const before = read()
      await shell('npm run bullpen -- rental book --inputs mine/local.json --term 600')
      const after = read()
      expect([after.redis, ...after.workers].map(({ rental }) => rental)).toEqual([
        'weekly/redis#2',
        'weekly/worker-1#2',
        'weekly/worker-2#2',
      ])
      expect({ ...after, redis: before.redis, workers: before.workers }).toEqual(before)
    }, 60_000)

    test('a cluster of cluster up is not booked beside it, and inputs that do not hold are told', async () => {
      const clusters = new PostgresClusterStore(database)
      const now = Date.now()
      const claim = { cluster: 'weekly', target: 'local', change: 'up', request: null, holder: 'a test' } as const
      const held = await clusters.claim({ ...claim, now, until: now + 60_000 })
      const book = 'npm run bullpen -- rental book --inputs mine'
      await expect(shell(`${book}/local.json`)).rejects.toThrow('cluster weekly is one of bullpen cluster up')
      await clusters.settle(held, 'down')
      await expect(shell(`${book}/other.json`)).rejects.toThrow(/USAGE.*ENOENT/)
    }, 60_000)

    test('without a ledger a timeout keeps it: it runs, leaks call it what it is, and destroy ends it', async () => {
      const { redis, workers, ...rest } = read()
      const kept = ({ name }: Process): Process => ({ name, keeper: ['timeout', '600'], rental: `weekly/${name}#7` })
      writeFileSync(inputs, JSON.stringify({ ...rest, redis: kept(redis), workers: workers.slice(0, 1).map(kept) }))
      await shell('npm run synth -- --inputs mine/local.json --out mine/out')
      await shell('terraform -chdir=mine/out/stacks/local apply')
      expect(await programs()).toEqual(['redis-server weekly/redis#7', 'worker weekly/worker-1#7'])
      await expect(shell('npm run bullpen -- leaks --target local')).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining('weekly/worker-1#7') as unknown,
      })
      await shell('terraform -chdir=mine/out/stacks/local destroy')
      expect(await programs()).toEqual([])
    }, 60_000)

    /** A line of the README, where npm would build first and terraform would ask. */
    function shell(line: string) {
      const command = line
        .replaceAll(/\bmine\b/g, folder)
        .replace('npm run bullpen --', `node ${program}`)
        .replace('npm run synth --', 'node dist/scripts/synth.js')
      const env = {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        BULLPEN_HOME: place.home,
        TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'),
        CHECKPOINT_DISABLE: '1',
        TF_CLI_ARGS: '-no-color',
        TF_CLI_ARGS_apply: '-auto-approve',
        TF_CLI_ARGS_destroy: '-auto-approve',
      }
      return promisify(execFile)('bash', ['-c', command], { env, timeout: 100_000 })
    }

    function read(): Inputs {
      return JSON.parse(readFileSync(inputs, 'utf8')) as Inputs
    }

    /** What the README tells people to fill in. */
    async function fillIn(): Promise<void> {
      const example = read()
      example.home = place.home
      example.redisPort = await freePort(0)
      example.agents = { ...example.agents, bullpen: [process.execPath, program], threads: 1 }
      writeFileSync(inputs, JSON.stringify(example))
    }

    /** Redis and agents that run, by what they are and their rental; keepers are not among them. */
    async function programs(): Promise<string[]> {
      const env = { PATH: process.env['PATH'], BULLPEN_HOME: place.home }
      const { stdout } = await promisify(execFile)('sh', ['-c', lookScript, 'look'], { env })
      const found = stdout.split('\n').flatMap((line) => {
        const [, pid, rental] = /^process (\d+) (\S+)/.exec(line) ?? []
        if (pid === undefined) return []
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        const is = words[0]!.includes('redis-server') ? 'redis-server' : words[2] === 'worker' ? 'worker' : null
        return is === null ? [] : [`${is} ${rental!}`]
      })
      return found.sort()
    }
  },
)
