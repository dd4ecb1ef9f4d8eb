import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeHosts } from '../cluster/testing/describe-hosts.ts'
import { KillCases, killed, type Step } from './testing/kill-cases.ts'
import { RentedHome } from './testing/rented-home.ts'
import { SshPlace } from './testing/ssh-place.ts'

/** The others differ from these by nothing that a target does. */
const someSteps: readonly Step[] = [
  'the search began',
  'the teardown began',
  'the agents joined',
  'terraform has made a part of it',
  'it booked',
]

describeHosts('whoever is killed while hosts are reached by ssh', () => {
  let place: SshPlace
  let home: RentedHome
  let cases: KillCases

  beforeAll(async () => {
    place = await SshPlace.open(3)
    home = new RentedHome(place)
    cases = new KillCases(home, 5)
    await home.ready()
    const [, second, third] = place.lab.hosts
    place.use('cut', [third!, second!])
    cases.begin('cut', async () => {
      const up = await home.up('cut').done
      expect(up.stderr).toContain('have joined the fleet')
      place.lab.network.cut(third!)
      const down = home.down('cut')
      await down.saw(/trying again/)
      await killed(down)
      place.lab.network.heal(third!)
    })
    for (const step of someSteps) cases.killAfter(step)
  }, 120_000)
  afterAll(() => place.close())

  for (const step of someSteps) {
    test(`a coordinator killed when ${step} leaves nothing behind`, async () => {
      expect(await cases.leftAfter(step)).toEqual([])
    }, 300_000)
  }

  test('a host cut off at teardown is cleared once it is back, whoever took the cluster down being killed', async () => {
    expect(await cases.left('cut')).toEqual([])
  }, 300_000)

  test('in the end ledger and inventory agree, and no temporary file is left', async () => {
    await cases.over()
    const { status, stdout } = await home.leaks().done
    expect([status, stdout]).toEqual([0, 'no leak at ssh\n'])
    expect(readdirSync(home.temporary)).toEqual([])
  }, 300_000)
})
