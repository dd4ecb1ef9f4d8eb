import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { InventoryItem, Rental } from '#core/protocol'
import { identify } from '#platform/processes'
import { RunningTerraform } from '#platform/terraform'
import { until } from '../../../test/cluster/testing/until.ts'
import { makeHome } from '../../../test/testing/command.ts'
import { oneFailingDestroy } from '../../../test/rentals/testing/programs.ts'
import { loadInfra } from '../../main/load-infra.ts'
import { LocalTarget } from '../local-target.ts'
import { booked, describeWithTools, standIn, weekRequest as request } from '../testing/index.ts'

const signal = new AbortController().signal

describeWithTools(
  ['terraform', 'redis-server', 'redis-cli', 'setpriv'],
  'a cluster of processes on this machine',
  () => {
    let place: ReturnType<typeof makeHome>
    let target: LocalTarget
    let notes: string[]

    beforeEach(() => {
      place = makeHome()
      notes = []
      const note = (text: string) => {
        notes.push(text)
      }
      target = new LocalTarget({ home: place.home, bullpen: standIn(place.home), env: {}, infra: loadInfra, note })
    })
    afterEach(async () => {
      await target.down('week', signal)
      place.remove()
    })

    test('comes up, stays as it is when brought up again, and is gone without a trace when it is taken down', async () => {
      const rentals = await book()
      const outputs = await target.up(request, rentals, signal)
      expect(outputs).toMatchObject({
        cluster: 'week',
        target: 'local',
        workers: [{ name: 'worker-1' }, { name: 'worker-2' }],
      })
      expect(outputs.redisUrl).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/)
      expect(readFileSync(outputs.redisPasswordFile!, 'utf8')).toHaveLength(48)
      const before = await target.inventory()
      const places = new Set(before.map(({ what, rental }) => `${what} ${rental}`))
      expect(places).toEqual(
        new Set([
          ...['redis', 'worker-1', 'worker-2'].flatMap((name) => [`process week/${name}#1`, `folder week/${name}#1`]),
          'state week/redis#1',
        ]),
      )

      expect(await target.up(request, rentals, signal)).toEqual(outputs)
      expect(pids(await target.inventory())).toEqual(pids(before))
      expect(terraformLog('apply')).toContain('No changes.')

      await target.down('week', signal)
      expect(await target.inventory()).toEqual([])
      expect(existsSync(join(place.home, 'clusters', 'week'))).toBe(false)
      await target.down('week', signal)
    })

    test('replaces the one agent that died, under its old booking or a new one, and ends one that is no longer wanted; is ended without terraform where that fails', async () => {
      const rentals = await book()
      await target.up(request, rentals, signal)
      const before = pids(await target.inventory())
      const keeper = JSON.parse(readFileSync(join(place.home, 'clusters/week/worker-2#1/keeper.json'), 'utf8')) as {
        pid: number
      }
      process.kill(keeper.pid, 'SIGKILL')

      await target.up(request, rentals, signal)
      const after = pids(await target.inventory())
      expect(after['week/redis#1']).toEqual(before['week/redis#1'])
      expect(after['week/worker-1#1']).toEqual(before['week/worker-1#1'])
      expect(after['week/worker-2#1']).not.toEqual(before['week/worker-2#1'])
      expect(terraformLog('apply')).toContain('1 added, 0 changed, 1 destroyed')

      const again = booked('week', 'local', await target.plan(request), { 'worker-2': 2 })
      await target.up(request, again, signal)
      expect(Object.keys(pids(await target.inventory())).sort()).toEqual([
        'week/redis#1',
        'week/worker-1#1',
        'week/worker-2#2',
      ])

      await target.up({ ...request, workers: 1 }, again, signal)
      expect(Object.keys(pids(await target.inventory())).sort()).toEqual(['week/redis#1', 'week/worker-1#1'])

      const path = process.env['PATH']
      process.env['PATH'] = oneFailingDestroy(place.home)
      await target.down('week', signal).finally(() => (process.env['PATH'] = path))
      expect(notes).toEqual([expect.stringMatching(/destroys nothing: its processes are ended without it$/)])
      expect(await target.inventory()).toEqual([])
    })

    test('leaves nothing when an agent does not come up, and says what the agent said', async () => {
      writeFileSync(join(place.home, 'broken'), '')
      const failed = target.up(request, await book(), signal)
      await expect(failed).rejects.toMatchObject({ code: 'TARGET_FAILED', details: { target: 'local' } })
      await expect(failed).rejects.toThrow('the thing is broken')
      expect(await target.inventory()).toEqual([])
      expect(existsSync(join(place.home, 'clusters', 'week'))).toBe(false)
    })

    test('leaves nothing when it is interrupted', async () => {
      writeFileSync(join(place.home, 'slow'), '')
      const interrupt = new AbortController()
      const interrupted = target.up(request, await book(), interrupt.signal)
      interrupted.catch(() => undefined)
      await until('a worker that starts', async () => (await workersSeen()).length > 0)
      interrupt.abort(new Error('enough'))
      await expect(interrupted).rejects.toThrow('enough')
      expect(await target.inventory()).toEqual([])
    })

    test('is ended while the terraform of a killed coordinator still makes it, and after that was killed too', async () => {
      writeFileSync(join(place.home, 'slow'), '')
      for (const isTerraformKilled of [false, true]) {
        const terraform = await abandonedTerraform()
        const made = statSync(join(place.home, 'clusters/week/cluster.json')).ino
        await expect(target.up(request, await book(), signal)).rejects.toMatchObject({ code: 'TARGET_BUSY' })
        expect(statSync(join(place.home, 'clusters/week/cluster.json')).ino).toBe(made)
        expect(await target.inventory()).toContainEqual(expect.objectContaining({ what: 'state-lock' }))
        if (isTerraformKilled) process.kill(terraform, 'SIGKILL')
        await target.down('week', signal)
        expect(await target.inventory()).toEqual([])
        expect(identify(terraform)).toBeNull()
        // By terraform, that is: nothing had to be ended without it.
        expect(notes).toEqual([])
        expect(existsSync(join(place.home, 'clusters', 'week'))).toBe(false)
      }
    })

    test('does not see the processes of another home, and ends what it is told to end', async () => {
      const elsewhere = makeHome()
      const strange = ['week/worker-7#1', 'week/guard#1'].map((rental) => startCarrying(rental, place.home))
      const other = startCarrying('week/worker-8#1', elsewhere.home)
      const found = await until('what was started', async () => {
        const items = await target.inventory('week')
        return items.length === 2 && items
      })
      expect(found.map(({ rental, what }) => `${what} ${rental}`).sort()).toEqual([
        'process week/guard#1',
        'process week/worker-7#1',
      ])
      await target.down('week', signal)
      expect(await target.inventory()).toEqual([expect.objectContaining({ rental: 'week/guard#1' })])
      for (const item of await target.inventory()) await target.end(item)
      expect(await target.inventory()).toEqual([])
      await Promise.all(strange.map(({ exited }) => exited))
      other.child.kill()
      await other.exited
      elsewhere.remove()
    })

    test('refuses what cannot be a cluster', async () => {
      const wrong = [{ cluster: '../x' }, { workers: 0 }, { workers: 1.5 }, { threads: 0 }, { maxPricePerHour: -1 }]
      for (const part of wrong) {
        await expect(target.plan({ ...request, ...part })).rejects.toMatchObject({ code: 'USAGE' })
      }
      await expect(target.up(request, [], signal)).rejects.toMatchObject({ code: 'USAGE' })
      await expect(target.down('../x', signal)).rejects.toMatchObject({ code: 'USAGE' })
    })

    test('plans workers at the price that was said, and Redis beside them at none of its own', async () => {
      const prices = async (price: typeof request.price) =>
        (await target.plan({ ...request, price })).map((planned) => [planned.name, planned.price?.perHour ?? null])
      expect(await prices(null)).toEqual([
        ['redis', null],
        ['worker-1', null],
        ['worker-2', null],
      ])
      expect(await prices({ perHour: 0.5, currency: 'USD' })).toEqual([
        ['redis', 0],
        ['worker-1', 0.5],
        ['worker-2', 0.5],
      ])
    })

    async function book(): Promise<Rental[]> {
      return booked('week', 'local', await target.plan(request))
    }

    function stack(): string {
      return join(place.home, 'clusters/week/terraform/stacks/local')
    }

    function terraformLog(command: string): string {
      return readFileSync(join(stack(), `${command}.log`), 'utf8')
    }

    async function workersSeen(): Promise<InventoryItem[]> {
      return (await target.inventory()).filter(
        ({ rental, detail }) => rental.includes('worker') && detail.includes('sleep'),
      )
    }

    /** Starts an `up` in a process of its own, kills that in the middle; answers the pid of its terraform. */
    async function abandonedTerraform(): Promise<number> {
      const program = resolve('dist/coordinator/targets/testing/up-in-background.js')
      const child = spawn(process.execPath, [program, place.home, JSON.stringify(request)], { stdio: 'inherit' })
      const exited = once(child, 'exit')
      await until('workers that start', async () => (await workersSeen()).length === 2)
      child.kill('SIGKILL')
      await exited
      return (await new RunningTerraform(stack()).now())!.pid
    }
  },
)

function startCarrying(rental: string, home: string) {
  const env = { PATH: process.env['PATH'], BULLPEN_RENTAL: rental, BULLPEN_HOME: home }
  const child = spawn('sleep', ['300'], { env, detached: true, stdio: 'ignore' })
  return { child, exited: once(child, 'exit') }
}

/** Pids of processes by rental. */
function pids(items: readonly InventoryItem[]): Record<string, string[]> {
  const pids: Record<string, string[]> = {}
  for (const { what, rental, detail } of items) if (what === 'process') (pids[rental] ??= []).push(detail)
  return pids
}
