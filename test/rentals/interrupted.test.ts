import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWithTools } from '../../coordinator/targets/testing/index.ts'
import { until } from '../cluster/testing/until.ts'
import type { CommandResult } from '../testing/command.ts'
import { localPlace } from './testing/local-place.ts'
import { oneHangingDestroy } from './testing/programs.ts'
import type { RentedCommand } from './testing/rented-place.ts'
import { RentedHome } from './testing/rented-home.ts'

const tools = ['terraform', 'redis-server', 'redis-cli', 'setpriv']

describeWithTools(tools, 'Ctrl-C while a cluster comes up', () => {
  let home: RentedHome
  let destroy: ReturnType<typeof oneHangingDestroy>
  const ends = new Map<string, Promise<CommandResult>>()

  beforeAll(async () => {
    home = new RentedHome(localPlace(), { termSeconds: 8 })
    await home.ready()
    begin('once', home.up('once'), (command) => command.saw(/its guard runs/))
    begin('weekly', home.weekly('weekly'), (command) => command.saw(/rentals booked/))
    destroy = oneHangingDestroy(home.place.home)
    const thrice = home.up('thrice', { PATH: destroy.path })
    const hasBegun = () => Promise.resolve(home.processes('thrice').some(({ rental }) => rental.includes('/redis#')))
    begin('thrice', thrice, () => until('a part of it', hasBegun), [
      /twice more stops at once and leaves cluster thrice to its guard/,
      /once more stops at once and leaves cluster thrice to its guard/,
    ])
  }, 60_000)
  afterAll(() => home.place.close())

  /** Interrupts a command when it has come so far, and again after each of the answers. */
  function begin(
    cluster: string,
    command: RentedCommand,
    hasCome: (command: RentedCommand) => Promise<unknown>,
    answers: readonly RegExp[] = [],
  ): void {
    const end = (async () => {
      await hasCome(command)
      command.child.kill('SIGINT')
      for (const answer of answers) {
        await command.saw(answer)
        command.child.kill('SIGINT')
      }
      return command.done
    })()
    end.catch(() => undefined)
    ends.set(cluster, end)
  }

  test('takes a cluster of cluster up down, and says what two more would do', async () => {
    const { status, stderr } = await ends.get('once')!
    expect([status, await home.traces('once')]).toEqual([130, []])
    expect(stderr).toMatch(/twice more stops at once and leaves cluster once to its guard, which takes it down when/)
    const rentals = await home.place.books.use(({ ledger }) => ledger.list({ cluster: 'once' }))
    expect(new Set(rentals.map(({ endedBecause }) => endedBecause))).toEqual(new Set(['coming up failed']))
  }, 60_000)

  test('takes the cluster of a weekly run down', async () => {
    expect(await ends.get('weekly')).toMatchObject({ status: 130 })
    expect(await home.traces('weekly')).toEqual([])
  }, 60_000)

  test('three times stops at once; the guard ends everything when the term is over', async () => {
    expect(await ends.get('thrice')).toMatchObject({ status: 130 })
    expect(await home.openRentals('thrice')).toContain('thrice/guard#1')
    destroy.goOn()
    await until('the end of it all', async () => (await home.traces('thrice')).length === 0, 60_000)
    const guard = await home.place.books.use(({ ledger }) => ledger.rental('thrice/guard#1'))
    expect(guard).toMatchObject({ endedBecause: 'its term was over' })
  }, 90_000)
})
