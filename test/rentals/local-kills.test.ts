import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWithTools } from '../../coordinator/targets/testing/index.ts'
import { until } from '../cluster/testing/until.ts'
import { documentOf, type RunningCommand } from '../testing/command.ts'
import { lanes, RentedHome, smallCluster } from './testing/rented-home.ts'

/** The term, and at most two minutes more. */
const limitMs = 15_000 + 120_000
const training = ['--feature-set', 'classic', '--space', 'smoke', '--folds', '2', '--trials', '1']

/** What a coordinator has just done when it is killed: a line it writes, or something that exists. */
const steps: Readonly<Record<string, RegExp | ((home: RentedHome, cluster: string) => boolean)>> = {
  'it booked': /rentals booked/,
  'the guard runs': /its guard runs/,
  'terraform has made a part of it': (home, cluster) =>
    home.processes(cluster).some(({ rental }) => /redis/.test(rental)),
  'the target is up': /at work at local/,
  'the agents joined': /have joined the fleet/,
  'the run began': /run \S+ started/,
  'the search began': /search: started/,
  'the model is registered': /register: done/,
  'the teardown began': /tearing down/,
  'nothing exists any more': /nothing of it exists/,
}

describeWithTools(['terraform', 'redis-server', 'redis-cli', 'setpriv'], 'whoever is killed', () => {
  let home: RentedHome
  const turn = lanes(5)
  const ends = new Map<string, Promise<string[]>>()
  /** Begins a case in the background; `endOf` answers what was left of its cluster. */
  const begin = (cluster: string, work: () => Promise<void>): void => {
    const end = turn(async () => {
      await work()
      return gone(cluster)
    })
    end.catch(() => undefined)
    ends.set(cluster, end)
  }
  const gone = async (cluster: string): Promise<string[]> => {
    const look = async () => ((await home.traces(cluster)).length === 0 ? [] : null)
    return until(`the end of ${cluster}`, look, limitMs).catch(() => home.traces(cluster))
  }
  const killed = async (command: RunningCommand): Promise<void> => {
    const ended = once(command.child, 'exit')
    command.child.kill('SIGKILL')
    await ended
  }
  /** The teardown alone needs no run before it. */
  const commandOf = async (name: string, step: unknown): Promise<RunningCommand> => {
    if (!(step instanceof RegExp) || !/tearing|nothing/.test(step.source)) return weekly(name)
    await home.start(['cluster', 'up', ...smallCluster, '--name', name]).done
    return home.start(['cluster', 'down', '--target', 'local', '--name', name])
  }
  const weekly = (name: string) =>
    home.start(['weekly', ...smallCluster, '--name', name, '--candles', home.candles, ...training])

  beforeAll(async () => {
    home = new RentedHome()
    await home.books.use(({ clusters }) => clusters.list(), 60_000)
    for (const [i, step] of Object.values(steps).entries()) {
      const name = `step-${i}`
      begin(name, async () => {
        const command = await commandOf(name, step)
        if (step instanceof RegExp) await command.saw(step)
        else await until('that', () => Promise.resolve(step(home, name)))
        await killed(command)
      })
    }
    begin('keeper', async () => {
      const command = weekly('keeper')
      await command.saw(/search: started/)
      expect(home.kill('keeper', /worker/)).toBeGreaterThan(0)
      await until('the end of the worker', () => Promise.resolve(!home.processes('keeper').some(isWorker)), 5000)
      await killed(command)
    })
    begin('guard', async () => {
      const command = weekly('guard')
      await command.saw(/its guard runs/)
      const [first] = home.processes('guard').filter(isGuard)
      home.kill('guard', /guard/)
      await until('another guard', () =>
        Promise.resolve(home.processes('guard').some((one) => isGuard(one) && one.pid !== first?.pid)),
      )
      await killed(command)
    })
  }, 120_000)
  afterAll(() => home.close())

  for (const [i, step] of Object.keys(steps).entries()) {
    test(`a coordinator killed when ${step} leaves nothing behind`, async () => {
      expect(await ends.get(`step-${i}`)).toEqual([])
    }, 300_000)
  }

  test('an agent dies with its keeper, and the cluster ends at its term', async () => {
    expect(await ends.get('keeper')).toEqual([])
  }, 300_000)

  test('a guard that is killed is started anew, and ends the cluster when its coordinator is killed too', async () => {
    expect(await ends.get('guard')).toEqual([])
  }, 300_000)

  test('a cluster that cannot come up leaves nothing running', async () => {
    const folder = join(home.home, 'programs')
    mkdirSync(folder)
    writeFileSync(join(folder, 'redis-server'), '#!/bin/sh\necho this redis is broken\nexit 1\n')
    chmodSync(join(folder, 'redis-server'), 0o755)
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`
    const up = await home.start(['cluster', 'up', ...smallCluster, '--name', 'broken', '--json'], { PATH }).done
    expect(up.status).toBe(1)
    const { error } = documentOf<{ error: { code: string; message: string } }>(up)
    expect(error).toMatchObject({ code: 'TARGET_FAILED', message: expect.stringContaining('this redis is broken') })
    expect(await home.traces('broken')).toEqual([])
  }, 120_000)

  test('what is left when everything was killed at once is named as a leak, and reaped', async () => {
    const up = await home.start(['cluster', 'up', ...smallCluster, '--name', 'all']).done
    expect(up.status).toBe(0)
    home.kill('all', /./)
    await until('the end of all', () => Promise.resolve(home.processes('all').length === 0), 5000)
    const found = await home.start(['leaks', '--target', 'local', '--reap', '--json']).done
    expect(found.status).toBe(1)
    const { leaks } = documentOf<{ leaks: { rental: string; because: string }[] }>(found)
    expect(leaks.map(({ rental, because }) => `${rental}: ${because}`)).toContain(
      'all/worker-1#1: open in the ledger and not there',
    )
    await home.start(['cluster', 'down', '--target', 'local', '--name', 'all']).done
    expect(await home.traces('all')).toEqual([])
  }, 120_000)

  test('in the end ledger and inventory agree, and no temporary file is left', async () => {
    await Promise.all(ends.values())
    const { status, stdout } = await home.start(['leaks', '--target', 'local']).done
    expect([status, stdout]).toEqual([0, 'no leak at local\n'])
    expect(readdirSync(home.temporary)).toEqual([])
  }, 300_000)
})

function isWorker({ rental }: { readonly rental: string }): boolean {
  return rental.includes('/worker')
}

function isGuard({ rental, command }: { readonly rental: string; readonly command: string }): boolean {
  return rental.includes('/guard') && command.includes('rental guard')
}
