import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'

const closed = { additionalProperties: false }
const port = Type.Integer({ minimum: 1, maximum: 65_535 })
const name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' })
// Addresses, users and folders become words of commands on other machines.
const address = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.:-]{0,253}$' })
const path = Type.String({ pattern: '^/[A-Za-z0-9._/+-]*$' })

const schema = Type.Object(
  {
    hosts: Type.Array(
      Type.Object(
        {
          name,
          address,
          port: Type.Optional(port),
          user: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,31}$' }),
          keyFile: Type.String({ minLength: 1 }),
          hostKey: Type.Optional(Type.String({ pattern: '^(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+( .*)?$' })),
          knownHosts: Type.Optional(Type.String({ minLength: 1 })),
          home: Type.Optional(path),
          bullpen: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
          price: Type.Optional(
            Type.Object(
              { perHour: Type.Number({ minimum: 0 }), currency: Type.String({ pattern: '^[A-Z]{3}$' }) },
              closed,
            ),
          ),
        },
        closed,
      ),
      { minItems: 1, maxItems: 1000 },
    ),
    redis: Type.Optional(
      Type.Object({ host: Type.Optional(name), address: Type.Optional(address), port: Type.Optional(port) }, closed),
    ),
  },
  closed,
)

type HostEntry = Static<typeof schema>['hosts'][number]

/** A host that may be used. */
export interface SshHost {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly keyFile: string
  /** `TYPE BASE64`. */
  readonly hostKey: string
  /** BULLPEN_HOME there. */
  readonly home: string
  readonly bullpen: readonly string[]
  readonly price: { readonly perHour: number; readonly currency: string } | null
}

/** Hosts that are there, and which of them runs Redis. */
export interface SshHosts {
  readonly hosts: readonly SshHost[]
  readonly redis: { readonly host: string; readonly address: string; readonly port: number }
}

/** Reads and checks a file of hosts; paths in it are relative to it. Throws USAGE that names the host and what is wrong. */
export async function readSshHosts(file: string): Promise<SshHosts> {
  const wrong = (reason: string, cause?: unknown) =>
    new BullpenError('USAGE', { reason: `${file}: ${reason}` }, { cause })
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw wrong('this file of hosts cannot be read', error)
  })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw wrong('not JSON', error)
  }
  if (!Value.Check(schema, parsed)) {
    const first = Value.Errors(schema, parsed).First()!
    throw wrong(`${first.path}: ${first.message}`)
  }
  const hosts: SshHost[] = []
  for (const entry of parsed.hosts) {
    if (hosts.some((host) => host.name === entry.name)) throw wrong(`two hosts are named ${entry.name}`)
    hosts.push(await hostOf(entry, dirname(file), (reason) => wrong(`host ${entry.name}: ${reason}`)))
  }
  const { host: redisName = hosts[0]!.name, address: redisAddress, port: redisPort = 6379 } = parsed.redis ?? {}
  const redisHost = hosts.find((host) => host.name === redisName)
  if (!redisHost) throw wrong(`redis: there is no host ${redisName}`)
  return { hosts, redis: { host: redisName, address: redisAddress ?? redisHost.address, port: redisPort } }
}

/** The same as a file that needs no other: every path in it is absolute. */
export function hostsText(hosts: SshHosts): string {
  return JSON.stringify(hosts, (_, value: unknown) => (value === null ? undefined : value))
}

async function hostOf(entry: HostEntry, folder: string, wrong: (reason: string) => BullpenError): Promise<SshHost> {
  const { name, address, port = 22, user, bullpen = ['bullpen'], price = null } = entry
  const keyFile = resolve(folder, entry.keyFile)
  const found = await stat(keyFile).catch(() => null)
  if (!found) throw wrong(`keyFile ${keyFile} is not there`)
  if ((found.mode & 0o077) !== 0) throw wrong(`others may read keyFile ${keyFile}`)
  const home = entry.home ?? (user === 'root' ? '/root/.bullpen' : `/home/${user}/.bullpen`)
  const hostKey =
    entry.hostKey ?? (entry.knownHosts && (await knownKey(address, port, resolve(folder, entry.knownHosts))))
  if (!hostKey) throw wrong('its key is unknown: give hostKey, or knownHosts with a file that holds it')
  const [type, base64] = hostKey.split(' ')
  return { name, address, port, user, keyFile, hostKey: `${type!} ${base64!}`, home, bullpen, price }
}

/** In this order terraform's ssh asks for keys, and takes the first that the host has. */
const keyTypes = ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa', 'ssh-ed25519']

/** The key of a host in a known_hosts file; undefined when it is not in it. */
async function knownKey(address: string, port: number, file: string): Promise<string | undefined> {
  const host = port === 22 ? address : `[${address}]:${port}`
  const lookUp = promisify(execFile)('ssh-keygen', ['-F', host, '-f', file], { timeout: 10_000 })
  const { stdout } = await lookUp.catch(() => ({ stdout: '' }))
  const keys = stdout.split('\n').flatMap((line) => (/^[^#@]/.test(line) ? [line.split(' ').slice(1, 3)] : []))
  const rank = ([type = '']: readonly string[]) => keyTypes.indexOf(type)
  return keys
    .filter((key) => rank(key) >= 0)
    .sort((a, b) => rank(a) - rank(b))[0]
    ?.join(' ')
}
