import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { endScript, lookScript, sweepScript } from '../process-scripts.ts'

const path = process.env['PATH']

/** A process that carries a rental, in a group of its own as whatever terraform starts. */
interface Carrier {
  readonly pid: number
  readonly ended: Promise<unknown>
  readonly isAlive: () => boolean
}

describe('the scripts that find and end what is rented', () => {
  let home: string
  let carriers: Carrier[]

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'bullpen-scripts-'))
    carriers = []
  })
  afterEach(async () => {
    for (const { pid, isAlive } of carriers) if (isAlive()) process.kill(-pid, 'SIGKILL')
    await Promise.all(carriers.map(({ ended }) => ended))
    rmSync(home, { recursive: true })
  })

  const run = async (script: string, word: string, env: Record<string, string> = {}): Promise<string> => {
    const { stdout } = await promisify(execFile)('sh', ['-c', script, word], {
      env: { PATH: path, BULLPEN_HOME: home, ...env },
    })
    return stdout
  }
  /** Starts a command under a rental; resolves when it has said that it is ready. */
  const start = async (rental: string, command = 'echo ready; exec sleep 600', at = home): Promise<Carrier> => {
    const env = { PATH: path, BULLPEN_HOME: at, BULLPEN_RENTAL: rental }
    const child = spawn('sh', ['-c', command], { env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    const isAlive = () => child.exitCode === null && child.signalCode === null
    const carrier = { pid: child.pid!, ended: once(child, 'exit'), isAlive }
    carriers.push(carrier)
    await once(child.stdout, 'data')
    return carrier
  }
  const startAll = (rentals: readonly string[]) => Promise.all(rentals.map((rental) => start(rental)))

  test('sweep ends every process of a cluster but its guard, and nothing of other clusters and homes', async () => {
    const ours = await startAll(['blue/redis#1', 'blue/worker-1#1', 'blue/worker-12#3', 'blue/workers#2'])
    const others = await startAll(['blue/guard#1', 'blue-2/redis#1', 'navy-blue/redis#1', 'green/worker-1#1'])
    const elsewhere = mkdtempSync(join(tmpdir(), 'bullpen-scripts-'))
    others.push(await start('blue/redis#1', undefined, elsewhere))
    for (const cluster of ['blue', 'blue-2']) mkdirSync(join(home, 'clusters', cluster, 'logs'), { recursive: true })
    await run(sweepScript, 'blue')
    await Promise.all(ours.map(({ ended }) => ended))
    expect(others.map(({ isAlive }) => isAlive())).toEqual(others.map(() => true))
    expect(['blue', 'blue-2'].map((name) => existsSync(join(home, 'clusters', name)))).toEqual([false, true])
    rmSync(elsewhere, { recursive: true })
  })

  test('of a cluster that is not there does nothing, and succeeds', async () => {
    expect([
      await run(sweepScript, 'blue'),
      await run(endScript, 'blue/redis#1'),
      await run(lookScript, 'look'),
    ]).toEqual(['', '', ''])
  })

  test('end ends the processes of one rental, and none whose name begins as it does', async () => {
    const rental = 'blue/worker-1#1'
    const [one, two] = await startAll([rental, rental])
    const others = await startAll(['blue/worker-1#11', 'blue/worker-11#1', 'blue/worker-2#1'])
    for (const name of ['worker-1#1', 'worker-1#11']) mkdirSync(join(home, 'clusters/blue', name), { recursive: true })
    await run(endScript, rental)
    await Promise.all([one!.ended, two!.ended])
    expect(others.map(({ isAlive }) => isAlive())).toEqual([true, true, true])
    const left = ['worker-1#1', 'worker-1#11'].map((name) => existsSync(join(home, 'clusters/blue', name)))
    expect(left).toEqual([false, true])
  })

  test('end that carries the rental itself, as terraform runs it, does not end itself', async () => {
    const one = await start('blue/redis#1')
    await run(endScript, 'end', { BULLPEN_RENTAL: 'blue/redis#1' })
    await one.ended
  })

  test('a keeper alone is told to end: what it keeps is left to it', async () => {
    const told = join(home, 'told')
    const kept = `trap "echo kept >>${told}" TERM; while :; do sleep 0.02; done`
    const keeper = `sh -c '${kept}' & trap "echo keeper >>${told}; sleep 0.2; kill -KILL $!; exit" TERM; echo ready; wait $!`
    const one = await start('blue/worker-1#1', keeper)
    await run(endScript, 'blue/worker-1#1')
    await one.ended
    expect(readFileSync(told, 'utf8')).toBe('keeper\n')
  })

  test('what does not end when it is told to is killed', async () => {
    const patient = / 250 /g
    expect(sweepScript.match(patient)).toHaveLength(1)
    const one = await start('blue/worker-1#1', 'trap "" TERM; echo ready; while :; do sleep 0.05; done')
    await run(sweepScript.replace(patient, ' 3 '), 'blue')
    await one.ended
  })

  test('look tells processes, folders and keepers of every cluster of the home', async () => {
    const one = await start('blue/redis#1')
    const guard = await start('green/guard#1')
    for (const name of ['redis#1', 'logs']) mkdirSync(join(home, 'clusters/blue', name), { recursive: true })
    const file = JSON.stringify({ id: 'blue/redis#1', cluster: 'blue', pid: one.pid, startedAt: 1, endsAt: 2 })
    writeFileSync(join(home, 'clusters/blue/redis#1/keeper.json'), file)
    const lines = (await run(lookScript, 'look')).trim().split('\n')
    expect(lines.sort()).toEqual(
      [
        'folder blue blue',
        'folder blue logs',
        'folder blue redis#1',
        `keeper blue/redis#1 ${one.pid}`,
        `process ${one.pid} blue/redis#1 sleep`,
        `process ${guard.pid} green/guard#1 sleep`,
      ].sort(),
    )
  })
})
