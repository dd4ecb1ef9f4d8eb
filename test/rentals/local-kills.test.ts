import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWithTools } from '../../coordinator/targets/testing/index.ts'
import { until } from '../cluster/testing/until.ts'
import { documentOf } from '../testing/command.ts'
import { KillCases, killed, steps, type Step } from './testing/kill-cases.ts'
import { localPlace } from './testing/local-place.ts'
import { RentedHome } from './testing/rented-home.ts'

const allSteps = Object.keys(steps) as Step[]

describeWithTools(['terraform', 'redis-server', 'redis-cli', 'setpriv'], 'whoever is killed', () => {
  let home: RentedHome
  let cases: KillCases

  beforeAll(async () => {
    home = new RentedHome(localPlace())
    cases = new KillCases(home, 5)
    await home.ready()
    for (const step of allSteps) cases.killAfter(step)
    cases.begin('keeper', async () => {
      const command = home.weekly('keeper')
      await command.saw(/search: started/)
      expect(home.kill('keeper', /worker/)).toBeGreaterThan(0)
      await until('the end of the worker', () => Promise.resolve(!home.processes('keeper').some(isWorker)), 5000)
      await killed(command)
    })
    cases.begin('guard', async () => {
      const command = home.weekly('guard')
      await command.saw(/its guard runs/)
      const [first] = home.processes('guard').filter(isGuard)
      home.kill('guard', /guard/)
      await until('another guard', () =>
        Promise.resolve(home.processes('guard').some((one) => isGuard(one) && one.pid !== first?.pid)),
      )
      await killed(command)
    })
  }, 120_000)
  afterAll(() => home.place.close())

  for (const step of allSteps) {
    test(`a coordinator killed when ${step} leaves nothing behind`, async () => {
      expect(await cases.leftAfter(step)).toEqual([])
    }, 300_000)
  }

  test('an agent dies with its keeper, and the cluster ends at its term', async () => {
    expect(await cases.left('keeper')).toEqual([])
  }, 300_000)

  test('a guard that is killed is started anew, and ends the cluster when its coordinator is killed too', async () => {
    expect(await cases.left('guard')).toEqual([])
  }, 300_000)

  test('a cluster that cannot come up leaves nothing running', async () => {
    const folder = join(home.place.home, 'programs')
    mkdirSync(folder)
    writeFileSync(join(folder, 'redis-server'), '#!/bin/sh\necho this redis is broken\nexit 1\n')
    chmodSync(join(folder, 'redis-server'), 0o755)
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`
    const up = await home.up('broken', { PATH }).done
    expect(up.status).toBe(1)
    const { error } = documentOf<{ error: { code: string; message: string } }>(up)
    expect(error).toMatchObject({ code: 'TARGET_FAILED', message: expect.stringContaining('this redis is broken') })
    expect(await home.traces('broken')).toEqual([])
  }, 120_000)

  test('what is left when everything was killed at once is named as a leak, and reaped', async () => {
    const up = await home.up('all').done
    expect(up.status).toBe(0)
    home.kill('all', /./)
    await until('the end of all', () => Promise.resolve(home.processes('all').length === 0), 5000)
    const found = await home.leaks('--reap', '--json').done
    expect(found.status).toBe(1)
    const { leaks } = documentOf<{ leaks: { rental: string; because: string }[] }>(found)
    expect(leaks.map(({ rental, because }) => `${rental}: ${because}`)).toContain(
      'all/worker-1#1: open in the ledger and not there',
    )
    await home.down('all').done
    expect(await home.traces('all')).toEqual([])
  }, 120_000)

  test('in the end ledger and inventory agree, and no temporary file is left', async () => {
    await cases.over()
    const { status, stdout } = await home.leaks().done
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
