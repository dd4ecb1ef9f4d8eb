import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { RedisServer } from '#platform/queue/testing'
import { makeHome, startBullpen } from './testing/command.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** The page's files, in a folder below the package's own, where `bullpen` is the package itself. */
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(root, 'dist', 'own-tasks-doc-'))
  const page = await readFile(join(root, 'docs', 'own-tasks.md'), 'utf8')
  const files = [...page.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)]
  expect(files.map(([, name]) => name)).toEqual(['price-paths.js', 'tasks.json', 'losses.js'])
  for (const [, name, text] of files) await writeFile(join(folder, name!), text!)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const answer = '36.0 % of 58000 paths end in a loss\n'

test('the worked example answers in one process', async () => {
  const { stdout, stderr } = await run(process.execPath, ['losses.js', '--local'], { cwd: folder })
  expect({ stdout, stderr }).toEqual({ stdout: answer, stderr: '' })
})

test('it answers the same over Redis from an agent started as the page says', async () => {
  const { home, remove } = makeHome()
  const redis = await RedisServer.start()
  const env = { REDIS_URL: redis.url }
  const list = join(folder, 'tasks.json')
  const agent = startBullpen(['worker', '--group', 'research', '--tasks', list, '--threads', '2'], home, env)
  try {
    await agent.saw(/serves route/)
    const environment = { ...env, PATH: process.env['PATH'], BULLPEN_HOME: home }
    const { stdout } = await run(process.execPath, ['losses.js'], { cwd: folder, env: environment })
    expect(stdout).toBe(answer)
  } finally {
    agent.child.kill('SIGTERM')
    expect((await agent.done).status).toBe(0)
    await redis.stop()
    remove()
  }
}, 120_000)

const typed = `
import { connect, type OwnTaskContext } from 'bullpen'
const run = (input: { seed: number }, _: OwnTaskContext) => Promise.resolve({ losses: input.seed })
const pool = await connect({ local: { tasks: 'tasks.json' } })
for await (const { output } of pool.map<typeof run>('t', [{ seed: 1 }])) console.log(output.losses.toFixed(1))
// @ts-expect-error the input is of another type
pool.map<typeof run>('t', ['x'])
// @ts-expect-error a result that may be a failure has no output
for await (const result of pool.map<typeof run>('t', [{ seed: 1 }], { onError: 'yield' })) console.log(result.output)
`

test('a TypeScript program knows inputs and outputs by the type of the task', async () => {
  const file = join(folder, 'typed.ts')
  await writeFile(file, typed)
  const options = '--ignoreConfig --noEmit --strict --skipLibCheck --target es2023 --module nodenext --types node'
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await run(process.execPath, [compiler, ...options.split(' '), file], { cwd: root })
})
