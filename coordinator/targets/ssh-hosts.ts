import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { BullpenError } from '#core/errors'
import { checkHostsFile, type HostEntry, type HostsFile } from './ssh-hosts-file.ts'
import type { SshClusterHost } from './infra.ts'
import { knownKey } from './known-key.ts'

/** A host that may be used. */
export interface SshHost extends SshClusterHost {
  readonly bullpen: readonly string[]
  readonly price: { readonly perHour: number; readonly currency: string } | null
}

/** Hosts that are there, and which of them runs Redis. */
export interface SshHosts {
  readonly hosts: readonly SshHost[]
  readonly redis: { readonly host: string; readonly address: string; readonly port: number }
}

/** Reads and checks a file of hosts; paths in it are relative to it. Throws HOSTS_INVALID with every problem at once. */
export async function readSshHosts(file: string): Promise<SshHosts> {
  const parsed = checkHostsFile(await contentOf(file))
  if (Array.isArray(parsed)) throw invalid(file, parsed)
  const problems = clashes(parsed)
  const hosts: SshHost[] = []
  for (const entry of parsed.hosts) {
    const host = await hostOf(entry, dirname(file), (problem) => problems.push(`host ${entry.name}: ${problem}`))
    hosts.push(host)
  }
  const { host: redisName = hosts[0]!.name, address, port = 6379 } = parsed.redis ?? {}
  const redisHost = hosts.find((host) => host.name === redisName)
  if (!redisHost) problems.push(`redis.host: no host is named ${redisName}, name one of those above`)
  if (problems.length > 0) throw invalid(file, problems)
  return { hosts, redis: { host: redisName, address: address ?? redisHost!.address, port } }
}

/** The same as a file that needs no other: every path in it is absolute. */
export function hostsText(hosts: SshHosts): string {
  return JSON.stringify(hosts, (_, value: unknown) => (value === null ? undefined : value))
}

async function contentOf(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    const { code, message } = thrown as NodeJS.ErrnoException
    const isAbsent = code === 'ENOENT'
    throw invalid(
      file,
      [isAbsent ? 'it is not there: write it, or name another with --hosts or BULLPEN_HOSTS' : message],
      thrown,
    )
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(file, [`it is not JSON: ${(error as Error).message}`], error)
  }
}

/** Two entries for one thing. Their files there would be one another's. */
function clashes({ hosts }: HostsFile): string[] {
  const problems: string[] = []
  for (const [i, host] of hosts.entries()) {
    const before = hosts.slice(0, i)
    if (before.some(({ name }) => name === host.name)) problems.push(`two hosts are named ${host.name}: rename one`)
    const twin = before.find((one) => placeOf(one) === placeOf(host))
    if (!twin) continue
    problems.push(`hosts ${twin.name} and ${host.name} are one place (address, port and home): remove one`)
  }
  return problems
}

function placeOf(entry: HostEntry): string {
  return [entry.address, entry.port ?? 22, homeOf(entry)].join(' ')
}

function homeOf({ home, user }: HostEntry): string {
  return home ?? (user === 'root' ? '/root/.bullpen' : `/home/${user}/.bullpen`)
}

async function hostOf(entry: HostEntry, folder: string, tell: (problem: string) => void): Promise<SshHost> {
  const { name, address, port = 22, user, bullpen = ['bullpen'], price = null } = entry
  const keyFile = resolve(folder, entry.keyFile)
  const found = await stat(keyFile).catch(() => null)
  if (!found?.isFile()) tell(`keyFile ${keyFile} is not there: name the file of the private key`)
  else if ((found.mode & 0o077) !== 0) tell(`others may read keyFile ${keyFile}: chmod 600 it`)
  const hostKey = await hostKeyOf(entry, folder, tell)
  return { name, address, port, user, keyFile, hostKey, home: homeOf(entry), bullpen, price }
}

/** `TYPE BASE64`, without a comment; '' and a problem when it is not known. */
async function hostKeyOf(entry: HostEntry, folder: string, tell: (problem: string) => void): Promise<string> {
  const { address, port = 22, hostKey, knownHosts } = entry
  if (hostKey !== undefined) return hostKey.split(' ').slice(0, 2).join(' ')
  if (knownHosts === undefined) {
    tell('its key is not known: give hostKey, or knownHosts with a file that holds it')
    return ''
  }
  const file = resolve(folder, knownHosts)
  const found = await stat(file).catch(() => null)
  const key = found?.isFile() ? await knownKey(address, port, file) : undefined
  const scan = `ssh-keyscan -p ${port} ${address}, and compare the key with the host's own`
  if (!found?.isFile()) tell(`knownHosts ${file} is not there: write it with ${scan}`)
  else if (key === undefined) tell(`knownHosts ${file} holds no key of it: add one with ${scan}`)
  return key ?? ''
}

/** More than anybody reads at once. */
const mostProblems = 20

function invalid(file: string, problems: readonly string[], cause?: unknown): BullpenError {
  const told = problems.slice(0, mostProblems)
  if (problems.length > told.length) told.push(`and ${problems.length - told.length} more`)
  return new BullpenError('HOSTS_INVALID', { file, problems: told.join('; ') }, { cause })
}
