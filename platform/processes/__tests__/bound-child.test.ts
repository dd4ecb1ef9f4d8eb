import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { pause } from '#platform/attempts'
import { startBoundChild } from '../bound-child.ts'
import { identify } from '../process-identity.ts'

describe('a child bound to the process that keeps it', () => {
  let folder: string
  let log: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bullpen-bound-'))
    log = join(folder, 'log')
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  const start = (script: string, env: NodeJS.ProcessEnv = process.env) =>
    startBoundChild(['sh', '-c', script], { env, log })
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(readFileSync(log, 'utf8'))
      if (found) return found
      await pause(5)
    }
  }
  const gone = async (pid: number): Promise<void> => {
    while (identify(pid) !== null) await pause(5)
  }

  test('dies when that process is killed outright', async () => {
    const program = [
      "import { startBoundChild } from '#platform/processes'",
      `const child = await startBoundChild(['sleep', '600'], { env: process.env, log: ${JSON.stringify(log)} })`,
      'console.log(child.pid)',
      'setInterval(() => undefined, 1000)',
    ].join('\n')
    const keeper = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [answer] = (await once(keeper.stdout, 'data')) as [Buffer]
    const pid = Number(answer.toString())
    expect(identify(pid)).not.toBeNull()
    keeper.kill('SIGKILL')
    await once(keeper, 'exit')
    await gone(pid)
  })

  test('tells how it ended, and its output goes to a file of the user alone', async () => {
    expect(await (await start('echo out; echo err >&2; exit 3')).ended).toEqual({ code: 3, signal: null })
    expect([readFileSync(log, 'utf8'), statSync(log).mode & 0o777]).toEqual(['out\nerr\n', 0o600])
    expect(await (await start('kill -KILL $$')).ended).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('that ends takes what it has started with it', async () => {
    const child = await start('(echo pid $$; trap "" TERM; sleep 600) & echo "left $!"; sleep 0.05')
    const [, left] = await said(/left (\d+)/)
    await child.ended
    await gone(Number(left))
  })

  test('is asked to end first, and killed when it does not', async () => {
    const polite = await start('trap "exit 7" TERM; echo ready; while :; do sleep 0.01; done')
    await said(/ready/)
    expect(await polite.end(60_000)).toEqual({ code: 7, signal: null })
    rmSync(log)
    const deaf = await start('trap "" TERM; echo ready; while :; do sleep 0.01; done')
    await said(/ready/)
    expect(await deaf.end(50)).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await deaf.end(50)).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('is not started where nothing can bind it', async () => {
    const alone = startBoundChild(['true'], { env: { PATH: folder }, log })
    await expect(alone).rejects.toMatchObject({ code: 'TOOL_MISSING', details: { tool: 'setpriv' } })
  })
})
