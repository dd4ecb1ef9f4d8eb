import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { BullpenError } from '#core/errors'

/** In this order terraform's ssh asks for keys, and takes the first that the host has. */
const keyTypes = ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa', 'ssh-ed25519']

/** The key of a host in a known_hosts file, `TYPE BASE64`; undefined when it is not in it. Throws TOOL_MISSING. */
export async function knownKey(address: string, port: number, file: string): Promise<string | undefined> {
  const host = port === 22 ? address : `[${address}]:${port}`
  const lookUp = promisify(execFile)('ssh-keygen', ['-F', host, '-f', file], { timeout: 10_000 })
  // A host that it does not find is a failure of the command, too.
  const { stdout } = await lookUp.catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return { stdout: '' }
    const purpose = 'it finds the keys of hosts'
    throw new BullpenError('TOOL_MISSING', { tool: 'ssh-keygen', purpose }, { cause: error })
  })
  const keys = stdout.split('\n').flatMap((line) => (/^[^#@]/.test(line) ? [line.split(' ').slice(1, 3)] : []))
  const rank = ([type = '']: readonly string[]) => keyTypes.indexOf(type)
  return keys
    .filter((key) => rank(key) >= 0)
    .sort((a, b) => rank(a) - rank(b))[0]
    ?.join(' ')
}
