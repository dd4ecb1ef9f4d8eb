import { join } from 'node:path'
import type { Command } from 'commander'
import type { AdminPort } from '../admin/index.ts'
import { clusterStatus } from '../cluster/index.ts'
import type { Session } from './session.ts'
import { wholeNumber } from './whole-number.ts'

/** Options of the admin port as commander parses them. */
export interface AdminOptions {
  readonly adminPort?: number
  readonly adminHost?: string
}

export function addAdminOptions(command: Command): Command {
  return command
    .option('--admin-port <port>', 'show pages and metrics while it runs (0: any free port)', wholeNumber(0, 65_535))
    .option('--admin-host <address>', 'where the admin port listens (default: this machine only)')
}

/** Opens the admin port when it is asked for, and says where its token is; undefined when it is not. */
export async function openAdmin(
  { adminPort: port, adminHost: host }: AdminOptions,
  session: Session,
): Promise<AdminPort | undefined> {
  if (port === undefined) return undefined
  // The web framework takes half a second to load, which a run without the port need not wait for.
  const { adminTokenFile, openAdminPort } = await import('../admin/index.ts')
  const { workshop, watched, now } = session
  const { home, adminToken } = workshop.config
  const path = join(home, 'admin-token')
  const token = adminToken ?? (await adminTokenFile(path))
  const onNote = (text: string) => {
    session.note(text)
  }
  const sources = {
    runs: () => watched,
    cluster: async () => clusterStatus(await workshop.fleet(), await workshop.ledger(), now),
    queues: () => workshop.queuesForPages(),
  }
  const opened = await openAdminPort({ port, token, sources, onNote, ...(host === undefined ? {} : { host }) })
  const where = adminToken === undefined ? `in ${path}` : 'that of BULLPEN_ADMIN_TOKEN'
  session.note(`admin port: ${opened.url}, user bullpen, token ${where}`)
  return opened
}
