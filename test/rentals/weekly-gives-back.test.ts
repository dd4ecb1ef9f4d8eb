import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWithTools } from '../../coordinator/targets/testing/index.ts'
import type { CommandResult } from '../testing/command.ts'
import { localPlace } from './testing/local-place.ts'
import { oneFailingDestroy } from './testing/programs.ts'
import type { RentedCommand } from './testing/rented-place.ts'
import { RentedHome } from './testing/rented-home.ts'

describeWithTools(
  ['terraform', 'redis-server', 'redis-cli', 'setpriv'],
  'a weekly run gives back what it rented',
  () => {
    let home: RentedHome
    const ends = new Map<string, Promise<CommandResult>>()
    const begin = (cluster: string, command: RentedCommand, told?: NodeJS.Signals): void => {
      const end = (async () => {
        if (told) {
          await command.saw(/search: started/)
          command.child.kill(told)
        }
        return command.done
      })()
      end.catch(() => undefined)
      ends.set(cluster, end)
    }
    /** How the command ended, and what there was of its cluster the moment it had. */
    const endOf = async (cluster: string) => {
      const { status, stderr } = await ends.get(cluster)!
      return { status, stderr, left: await home.traces(cluster) }
    }

    beforeAll(async () => {
      home = new RentedHome(localPlace())
      await home.ready()
      begin('stopped', home.weekly('stopped'), 'SIGTERM')
      begin('failing', home.weekly('failing', { candles: 'nowhere.csv' }))
      begin('stubborn', home.weekly('stubborn', { env: { PATH: oneFailingDestroy(home.place.home) } }))
    }, 120_000)
    afterAll(() => home.place.close())

    test('when it is told to stop in the middle of a search', async () => {
      expect(await endOf('stopped')).toMatchObject({ status: 130, left: [] })
    }, 180_000)

    test('when the run fails, and the failure is what it tells', async () => {
      const { status, stderr, left } = await endOf('failing')
      expect({ status, left }).toEqual({ status: 2, left: [] })
      expect(stderr).toContain('nowhere.csv')
    }, 180_000)

    test('when the run succeeds and terraform fails to destroy, by ending its processes itself', async () => {
      const { status, stderr, left } = await endOf('stubborn')
      expect(stderr).toMatch(/this terraform destroys nothing: its processes are ended without it/)
      expect({ status, left }).toEqual({ status: 0, left: [] })
      const rentals = await home.place.books.use(({ ledger }) => ledger.list({ cluster: 'stubborn' }))
      expect(rentals.map(({ name }) => name).sort()).toEqual(['guard', 'redis', 'worker-1'])
      expect(rentals.every(({ endedAt, runId }) => endedAt !== null && runId !== null)).toBe(true)
    }, 180_000)

    test('in the end ledger and inventory agree, and no temporary file is left', async () => {
      await Promise.allSettled(ends.values())
      const { status, stdout } = await home.leaks().done
      expect([status, stdout]).toEqual([0, 'no leak at local\n'])
      expect(readdirSync(home.temporary)).toEqual([])
    }, 180_000)
  },
)
