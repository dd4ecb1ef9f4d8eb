import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BullpenError } from '#core/errors'
import { loadInfra } from '../../main/load-infra.ts'
import { describeWithTools } from '../testing/index.ts'
import { hostsText, readSshHosts, type SshHosts } from '../ssh-hosts.ts'
import { SshTarget } from '../ssh-target.ts'

const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const ecdsa = `ecdsa-sha2-nistp256 ${Buffer.alloc(104, 7).toString('base64')}`
const entry = { name: 'a', address: '10.0.0.1', user: 'quant', keyFile: 'key', hostKey: ed25519 }

describe('a file of hosts', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bullpen-hosts-'))
    for (const [name, mode] of [
      ['key', 0o600],
      ['open-key', 0o640],
    ] as const) {
      writeFileSync(join(folder, name), 'a key')
      chmodSync(join(folder, name), mode)
    }
    mkdirSync(join(folder, 'a-folder'))
    writeFileSync(join(folder, 'known'), `[10.0.0.2]:2222 ${ed25519}\n[10.0.0.2]:2222 ${ecdsa}\n`)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  const read = (content: unknown): Promise<SshHosts> => {
    const file = join(folder, 'hosts.json')
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return readSshHosts(file)
  }
  const host = (changes: object, ...others: object[]) => ({ hosts: [{ ...entry, ...changes }, ...others] })
  const second = { ...entry, name: 'b', address: '10.0.0.2' }

  test('may leave out what is usual', async () => {
    expect(await read(host({}))).toEqual({
      hosts: [
        {
          ...entry,
          ...{
            port: 22,
            keyFile: join(folder, 'key'),
            home: '/home/quant/.bullpen',
            bullpen: ['bullpen'],
            price: null,
          },
        },
      ],
      redis: { host: 'a', address: '10.0.0.1', port: 6379 },
    })
    expect((await read(host({ user: 'root', hostKey: `${ed25519} root@a` }))).hosts[0]).toMatchObject({
      home: '/root/.bullpen',
      hostKey: ed25519,
    })
  })

  test('says which host runs Redis, where agents reach it, and what an hour costs', async () => {
    const price = { perHour: 0.12, currency: 'USD' }
    const file = { ...host({ price }, second), redis: { host: 'b', address: '192.168.0.2', port: 7000 } }
    const { hosts, redis } = await read(file)
    expect([hosts[0]!.price, redis]).toEqual([price, file.redis])
  })

  test('is the same when it is written again with its paths whole', async () => {
    const hosts = await read(host({}, second))
    expect(await read(hostsText(hosts))).toEqual(hosts)
  })

  describeWithTools(['ssh-keygen'], 'with keys in a known_hosts file', () => {
    test('takes the key of that address and port that terraform asks for first', async () => {
      const { hosts } = await read(host({ address: '10.0.0.2', port: 2222, hostKey: undefined, knownHosts: 'known' }))
      expect(hosts[0]!.hostKey).toBe(ecdsa)
    })

    test('is refused when the key of the host is not in it', async () => {
      await expect(read(host({ hostKey: undefined, knownHosts: 'known' }))).rejects.toThrow(
        /host a: knownHosts \S+known holds no key of it: add one with ssh-keyscan -p 22 10\.0\.0\.1, and compare/,
      )
    })
  })

  const wrong: readonly (readonly [string, unknown, string | RegExp])[] = [
    ['no JSON', '{"hosts": [', /hosts\.json: it is not JSON: /],
    ['a list', [], /: it must be an object \{"hosts": \[\.\.\.\]\}, and is \[\]$/],
    ['no hosts', {}, 'hosts is missing: give a list of 1 to 1,000 hosts'],
    ['an empty list of hosts', { hosts: [] }, 'hosts must be a list of 1 to 1,000 hosts, and is []'],
    ['a word that is not known', host({ keyfile: 'key' }), 'hosts[0].keyfile is nothing that is known here: remove it'],
    ['no user', host({ user: undefined }), 'hosts[0].user is missing: give the name of a user there'],
    [
      'a name with capitals',
      host({ name: 'Host_1' }),
      'hosts[0].name must be 1 to 31 small letters, digits and dashes',
    ],
    ['an address that is an option', host({ address: '-oProxyCommand=x' }), 'hosts[0].address must be an address or'],
    ['a user with a space', host({ user: 'a b' }), 'hosts[0].user must be the name of a user there, and is "a b"'],
    ['a port of 0', host({ port: 0 }), 'hosts[0].port must be a port, 1 to 65,535, and is 0'],
    ['a home that is not absolute', host({ home: '~/bullpen' }), 'hosts[0].home must be an absolute path of letters'],
    ['a home with a space', host({ home: '/my home' }), 'hosts[0].home must be an absolute path of letters'],
    ['no words of a command', host({ bullpen: [] }), 'hosts[0].bullpen must be the words of a command, at least one'],
    ['a price without a currency', host({ price: { perHour: 1 } }), 'hosts[0].price.currency is missing: give three'],
    ['a price below 0', host({ price: { perHour: -1, currency: 'USD' } }), 'hosts[0].price.perHour must be a number'],
    ['a host key that is a name', host({ hostKey: 'id.pub' }), 'hosts[0].hostKey must be TYPE BASE64, as ssh-keyscan'],
    ['no key of a host', host({ hostKey: undefined }), 'host a: its key is not known: give hostKey, or knownHosts'],
    [
      'a known_hosts file that is not there',
      host({ hostKey: undefined, knownHosts: 'nowhere', port: 2222 }),
      /host a: knownHosts \S+\/nowhere is not there: write it with ssh-keyscan -p 2222 10\.0\.0\.1/,
    ],
    ['a key file that is not there', host({ keyFile: 'nowhere' }), /host a: keyFile \S+\/nowhere is not there: name/],
    ['a key file that is a folder', host({ keyFile: 'a-folder' }), /keyFile \S+\/a-folder is not there/],
    [
      'a key file that others may read',
      host({ keyFile: 'open-key' }),
      /others may read keyFile \S+open-key: chmod 600/,
    ],
    ['two hosts of one name', host({}, { ...second, name: 'a' }), 'two hosts are named a: rename one'],
    [
      'a slip in each of many',
      { hosts: Array(30).fill({ ...entry, port: 0 }) },
      /hosts\[19\]\.port [^;]*; and 10 more$/,
    ],
    ['one host twice', host({}, { ...entry, name: 'b' }), 'hosts a and b are one place (address, port and home)'],
    ['Redis on no host', { ...host({}), redis: { host: 'c' } }, 'redis.host: no host is named c, name one of those'],
  ]

  test.each(wrong)('with %s is refused, and says what to do', async (_, content, problem) => {
    const refused = read(content)
    await expect(refused).rejects.toMatchObject({
      code: 'HOSTS_INVALID',
      details: { file: join(folder, 'hosts.json') },
    })
    await expect(refused).rejects.toThrow(problem)
  })

  test('tells all its problems at once, each once', async () => {
    const refused = read(
      host({ keyFile: 'open-key', hostKey: undefined }, { ...second, name: 'a', keyFile: 'nowhere' }),
    )
    const error = await refused.catch((thrown: unknown) => thrown as BullpenError)
    expect(String((error as BullpenError).details['problems']).split('; ')).toEqual([
      'two hosts are named a: rename one',
      expect.stringContaining('others may read'),
      expect.stringContaining('its key is not known'),
      expect.stringContaining('is not there'),
    ])
  })

  test('that is not there is refused, and says how to name another', async () => {
    await expect(readSshHosts(join(folder, 'nowhere.json'))).rejects.toThrow(
      /^file of hosts \S+nowhere\.json: it is not there: write it, or name another with --hosts or BULLPEN_HOSTS$/,
    )
  })

  test('of a cluster that is up is not passed over when it does not hold any more', async () => {
    const kept = join(folder, 'home/clusters/week')
    mkdirSync(kept, { recursive: true })
    writeFileSync(join(kept, 'hosts.json'), JSON.stringify(host({ keyFile: join(folder, 'gone') })))
    await read(host({}))
    const options = { home: join(folder, 'home'), hostsFile: join(folder, 'hosts.json'), env: {}, infra: loadInfra }
    const target = new SshTarget({ ...options, note: () => undefined })
    for (const refused of [target.down('week', new AbortController().signal), target.inventory()]) {
      await expect(refused).rejects.toMatchObject({
        code: 'HOSTS_INVALID',
        details: { file: join(kept, 'hosts.json') },
      })
    }
  })
})
