import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ClusterLab } from './testing/cluster-lab.ts'
import type { LabHost } from './testing/lab-network.ts'
import { describeCluster } from './testing/lab-support.ts'
import { until } from './testing/until.ts'

/** Knocks at an address until it answers; prints one line per failure of a second. */
const knock = `
const [host, port] = process.argv.slice(1)
const attempt = () => {
  const socket = require('node:net').connect({ host, port, timeout: 300 })
  const again = () => { socket.destroy(); console.error('no answer'); setTimeout(attempt, 50) }
  socket.once('connect', () => { socket.destroy(); console.error('answered') })
  socket.once('timeout', again).once('error', again)
}
attempt()`

describeCluster('a lab of hosts in network namespaces', () => {
  let lab: ClusterLab
  beforeAll(async () => {
    lab = await ClusterLab.open(2)
  })
  afterAll(() => lab.close())

  const reach = (host: LabHost, port: number, address = lab.network.control.address) =>
    lab.run(host, [process.execPath, '-e', knock, address, String(port)])

  test('every host reaches Redis and PostgreSQL over the bridge, under a name of its own', async () => {
    for (const host of lab.hosts) {
      await Promise.all([reach(host, 6379).saw(/^answered/), reach(host, 5432).saw(/^answered/)])
      expect((await lab.run(host, ['hostname']).done).stdout).toBe(`${host.name}\n`)
    }
  })

  test('a host cut off reaches nobody while others do, and everybody again when healed', async () => {
    const [cut, other] = lab.hosts
    lab.network.cut(cut!)
    const knocking = reach(cut!, 6379)
    await knocking.saw(/no answer/)
    await reach(other!, 6379).saw(/^answered/)
    expect(knocking.stderr).not.toContain('answered')
    lab.network.heal(cut!)
    await knocking.saw(/answered/)
  })

  test('Redis comes back with what it had after a kill, and PostgreSQL after a crash', async () => {
    const client = await lab.postgres.connect()
    await client.query('CREATE TABLE kept AS SELECT 7 AS value')
    await lab.redis.ask('SET kept 7')
    await Promise.all([lab.redis.stop('SIGKILL'), lab.postgres.stop('immediate')])
    await Promise.all([lab.redis.start(), lab.postgres.start()])
    const again = await lab.postgres.connect()
    expect((await again.query('SELECT value FROM kept')).rows).toEqual([{ value: 7 }])
    expect(await lab.redis.ask('EXISTS kept')).toBe(':1')
    await lab.redis.flush()
    expect(await lab.redis.ask('DBSIZE')).toBe(':0')
    await Promise.all([client.end(), again.end()])
  })

  test('nothing is left of a lab that is closed, nor of one whose test process is killed', async () => {
    const own = await ClusterLab.open(1)
    const asleep = own.run(own.hosts[0]!, ['sleep', '1000'])
    await own.close()
    expect((await asleep.done).signal).toBe('SIGKILL')
    expect(traces(process.pid).filter((name) => !isOf(lab, name))).toEqual([])

    const url = JSON.stringify(new URL('testing/cluster-lab.js', import.meta.url).href)
    const source = `const { ClusterLab } = await import(${url}); await ClusterLab.open(1); console.log('open')`
    const killed = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(killed.stdout, 'data')
    expect(traces(killed.pid!)).not.toEqual([])
    killed.kill('SIGKILL')
    await until('the killed lab to be gone', () => Promise.resolve(traces(killed.pid!).length === 0))
  })
})

/** Namespaces and folders of labs that a process made. */
function traces(pid: number): string[] {
  const spaces = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n')
  const names = [...spaces, ...(existsSync(tmpdir()) ? readdirSync(tmpdir()) : [])]
  return names.filter((name) => name.startsWith(`bullpen-${pid}-`))
}

function isOf(lab: ClusterLab, name: string): boolean {
  const prefix = lab.network.control.namespace.replace(/-control$/, '')
  return name.startsWith(prefix)
}
