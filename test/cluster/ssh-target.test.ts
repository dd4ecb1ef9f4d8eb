import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { InventoryItem, Rental } from '#core/protocol'
import { loadInfra } from '../../coordinator/main/load-infra.ts'
import { SshTarget } from '../../coordinator/targets/index.ts'
import { booked, standIn, weekRequest as request } from '../../coordinator/targets/testing/index.ts'
import { describeHosts } from './testing/describe-hosts.ts'
import { LabKeeper } from './testing/lab-keeper.ts'
import { LabNetwork, type LabHost } from './testing/lab-network.ts'
import { LabSsh } from './testing/lab-ssh.ts'

jest.setTimeout(180_000)

const signal = new AbortController().signal
const secret = 'lab-database-password'
const env = { DATABASE_URL: `postgres://bullpen:${secret}@10.77.0.1/postgres`, BULLPEN_OBJECTS: 's3://models/live' }
const path = process.env['PATH']

describeHosts('a cluster of hosts reached by ssh', () => {
  let keeper: LabKeeper
  let folder: string
  let home: string
  let ssh: LabSsh
  let hosts: LabHost[]
  let target: SshTarget
  const notes: string[] = []

  beforeAll(async () => {
    const prefix = `bullpen-${process.pid}-${randomBytes(3).toString('hex')}`
    folder = mkdtempSync(join(tmpdir(), `${prefix}-`))
    keeper = new LabKeeper(prefix, folder)
    const network = new LabNetwork(prefix)
    ssh = new LabSsh(network, folder)
    hosts = [network.addHost(), network.addHost()]
    await Promise.all(hosts.map((host) => ssh.start(host)))
    process.env['PATH'] = `${ssh.controlCommands('terraform', 'ssh')}:${path!}`
    home = join(folder, 'home')
    for (const host of hosts) mkdirSync(homeOf(host))
    target = open(writeHosts(ssh.knownHosts))
  })
  afterAll(async () => {
    process.env['PATH'] = path
    await keeper.remove()
  })

  test('comes up with its secrets in files of its user alone, stays as it is, and is gone without a trace', async () => {
    const rentals = await book()
    const outputs = await target.up(request, rentals, signal)
    expect(outputs).toMatchObject({
      redisUrl: 'redis://10.77.0.11:6379',
      workers: [
        { name: 'worker-1', place: 'host-1' },
        { name: 'worker-2', place: 'host-2' },
      ],
    })
    const before = await target.inventory()
    expect(Object.keys(pids(before)).sort()).toEqual(['week/redis#1', 'week/worker-1#1', 'week/worker-2#1'])
    for (const place of [home, ...hosts.map(homeOf)]) {
      const there = join(place, 'clusters/week')
      expect(statSync(there).mode & 0o777).toBe(0o700)
      for (const file of ['environment', 'redis.password']) expect(statSync(join(there, file)).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(there, 'environment'), 'utf8')).toContain(secret)
    }
    const password = readFileSync(outputs.redisPasswordFile!, 'utf8')
    for (const file of readdirSync(stack())) {
      if (statSync(join(stack(), file)).isDirectory()) continue
      const text = readFileSync(join(stack(), file), 'utf8')
      for (const hidden of [secret, password, readFileSync(ssh.keyFile, 'utf8')]) expect(text).not.toContain(hidden)
    }

    expect(await target.up(request, rentals, signal)).toEqual(outputs)
    expect(pids(await target.inventory())).toEqual(pids(before))

    const second = before.find(({ rental, detail }) => rental === 'week/worker-2#1' && !detail.includes('sleep'))!
    process.kill(Number(/\d+/.exec(second.detail)![0]), 'SIGKILL')
    await target.up(request, rentals, signal)
    const after = pids(await target.inventory())
    expect(after['week/redis#1']).toEqual(pids(before)['week/redis#1'])
    expect(after['week/worker-1#1']).toEqual(pids(before)['week/worker-1#1'])
    expect(after['week/worker-2#1']).not.toEqual(pids(before)['week/worker-2#1'])

    // Plain terraform leaves as little as bullpen, which looks at the hosts after it.
    const options = { env: process.env }
    await promisify(execFile)('terraform', [`-chdir=${stack()}`, 'destroy', '-auto-approve'], options)
    for (const host of hosts) expect(readdirSync(join(homeOf(host), 'clusters'))).toEqual([])

    await target.down('week', signal)
    expect(await target.inventory()).toEqual([])
    for (const host of hosts) expect(readdirSync(join(homeOf(host), 'clusters'))).toEqual([])
    expect(existsSync(join(home, 'clusters/week'))).toBe(false)
    expect(readdirSync('/tmp').filter((name) => name.startsWith('bullpen-week-'))).toEqual([])
  })

  test('is remembered while a host is down, and ended when it is back', async () => {
    await target.up(request, await book(), signal)
    await ssh.stop(hosts[1]!)
    await expect(target.inventory()).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE', details: { place: 'host-2' } })
    const failed = target.down('week', signal)
    await expect(failed).rejects.toMatchObject({ code: 'TARGET_FAILED' })
    await expect(failed).rejects.toThrow('host-2 cannot be looked at')
    await ssh.start(hosts[1]!)
    expect(Object.keys(pids(await target.inventory()))).toEqual(['week/worker-2#1'])
    await target.down('week', signal)
    expect(await target.inventory()).toEqual([])
  })

  test('leaves nothing anywhere when an agent on one host does not come up', async () => {
    writeFileSync(join(homeOf(hosts[1]!), 'broken'), '')
    await expect(target.up(request, await book(), signal)).rejects.toThrow('the thing is broken')
    expect(await target.inventory()).toEqual([])
    expect(existsSync(join(home, 'clusters/week'))).toBe(false)
  })

  test('is not made of hosts with another key', async () => {
    const file = join(folder, 'swapped_hosts')
    const [one = '', two = ''] = hosts.map(({ address }) => address)
    const swap = (text: string) => text.replaceAll(one, 'x').replaceAll(two, one).replaceAll('x', two)
    writeFileSync(
      file,
      readFileSync(ssh.knownHosts, 'utf8')
        .split('\n')
        .map((line) => swap(line.slice(0, 11)) + line.slice(11))
        .join('\n'),
    )
    const strange = open(writeHosts(file, [hosts[1]!]))
    await expect(strange.inventory()).rejects.toThrow(/host key|Host key/i)
    const failed = strange.up({ ...request, workers: 1 }, await book(), signal)
    await expect(failed).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' })
  })

  test('is refused without a database that hosts can reach, and with more workers than there are hosts', async () => {
    const file = writeHosts(ssh.knownHosts)
    for (const url of [
      undefined,
      'postgres://localhost/x',
      'postgres://u:p@127.0.0.1:5432/x',
      'postgres:///x?host=/run',
    ]) {
      const alone = open(file, url === undefined ? {} : { DATABASE_URL: url })
      await expect(alone.plan(request)).rejects.toMatchObject({ code: 'USAGE' })
    }
    await expect(target.plan({ ...request, workers: 3 })).rejects.toThrow('has 2 hosts')
    await expect(target.plan({ ...request, maxPricePerHour: 0.1 })).rejects.toThrow('costs more than 0.1')
    expect(await target.plan(request)).toMatchObject([
      { name: 'redis', place: 'host-1', price: { perHour: 0, currency: 'EUR' } },
      { name: 'worker-1', place: 'host-1', price: { perHour: 0.2, currency: 'EUR' } },
      { name: 'worker-2', place: 'host-2' },
    ])
  })

  function homeOf({ name }: LabHost): string {
    return join(folder, `home-of-${name}`)
  }

  function stack(): string {
    return join(home, 'clusters/week/terraform/stacks/ssh')
  }

  function open(hostsFile: string, told: Record<string, string> = env): SshTarget {
    const note = (text: string) => {
      notes.push(text)
    }
    return new SshTarget({ home, hostsFile, env: told, infra: loadInfra, note, connectSeconds: 8 })
  }

  function writeHosts(knownHosts: string, which = hosts): string {
    const file = join(folder, `hosts-${which.length}.json`)
    const entries = which.map((host) => ({
      name: host.name,
      address: host.address,
      user: 'root',
      keyFile: ssh.keyFile,
      knownHosts,
      home: homeOf(host),
      bullpen: standIn(folder),
      price: { perHour: 0.2, currency: 'EUR' },
    }))
    writeFileSync(file, JSON.stringify({ hosts: entries }))
    return file
  }

  async function book(): Promise<Rental[]> {
    return booked('week', 'ssh', await target.plan(request))
  }
})

/** Pids of processes by rental. */
function pids(items: readonly InventoryItem[]): Record<string, string[]> {
  const pids: Record<string, string[]> = {}
  for (const { what, rental, detail } of items) if (what === 'process') (pids[rental] ??= []).push(detail)
  return pids
}
