import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { BullpenError } from '#core/errors'

/** How initdb and postgres are started so that they accept the user they run as. */
export interface Launcher {
  /** Goes in front of the command. */
  readonly prefix: readonly string[]
  /** Who must own the data folder, as this process sees it. */
  readonly owner: { readonly uid: number; readonly gid: number }
  /** What the user should know about the way chosen; null when there is nothing to say. */
  readonly note: string | null
}

/**
 * PostgreSQL refuses to run as root and wants a user that has a name. For an ordinary user nothing is needed. Otherwise:
 *
 * 1. a user namespace in which our id is called `nobody`: same files, same permissions, only the number differs, so it
 *    works in a folder that root alone can enter (measured: adds 5 ms);
 * 2. where namespaces are forbidden (many containers) and we are root: the real user `nobody`, who keeps only the
 *    capability to pass through folders that belong to root. The data folder is given to that user.
 *
 * @throws DATABASE_UNAVAILABLE when neither is possible.
 */
export function chooseLauncher(): Launcher {
  const uid = process.getuid?.()
  const gid = process.getgid?.()
  if (uid === undefined || gid === undefined) throw impossible(`it does not run on ${process.platform}`)
  const owner = { uid, gid }
  if (uid !== 0 && hasName()) return { prefix: [], owner, note: null }

  const other = ordinaryUser()
  const namespace = ['unshare', '--user', `--map-user=${other.uid}`, `--map-group=${other.gid}`]
  if (works(namespace)) return { prefix: namespace, owner, note: null }
  if (uid !== 0) throw impossible(`user id ${uid} has no name in /etc/passwd and user namespaces are forbidden here`)

  const capabilities = '-all,+dac_override,+dac_read_search,+fowner'
  const secondUser = ['setpriv', `--reuid=${other.uid}`, `--regid=${other.gid}`, '--clear-groups']
  secondUser.push(`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`, `--bounding-set=${capabilities}`)
  if (!works(secondUser)) throw impossible('PostgreSQL refuses root, and neither unshare nor setpriv may be used here')
  const note = `user namespaces are forbidden here, so the database runs as user ${other.name}, who owns its files`
  return { prefix: secondUser, owner: other, note }
}

function impossible(reason: string): BullpenError {
  return new BullpenError('DATABASE_UNAVAILABLE', { database: 'embedded PostgreSQL', reason })
}

function works(prefix: readonly string[]): boolean {
  return spawnSync(prefix[0]!, [...prefix.slice(1), 'true'], { stdio: 'ignore' }).status === 0
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

/** `nobody`, or failing that any user of /etc/passwd but root: initdb looks the name up. */
function ordinaryUser(): { name: string; uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }))
    .filter((user) => user.uid > 0)
  const user = users.find(({ name }) => name === 'nobody') ?? users[0]
  if (user === undefined) throw impossible('/etc/passwd names no user but root')
  return user
}
