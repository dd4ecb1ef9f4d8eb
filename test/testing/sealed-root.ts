import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** User and group of the images. */
export const imageUser = 1000

/** What runs in a root file system of its own, as an orchestrator runs an image. */
export interface Sealed {
  readonly child: ChildProcess
  /** Everything written to stdout and stderr so far. */
  readonly output: () => string
  /** Exit status; null when a signal ended it. */
  readonly done: Promise<number | null>
}

/** Why no root file system can be sealed here; null when one can. */
export function missingForSealing(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux'
  if (process.getuid?.() !== 0) return 'it needs root'
  return spawnSync('unshare', ['--mount', 'true']).status === 0 ? null : 'unshare --mount is refused'
}

/**
 * Runs `node ...args` of a file tree as an image with `readOnlyRootFilesystem` is run: the tree is at /app, beside it only
 * the system's programs and libraries; nothing may be written but /tmp and /var/lib/bullpen; user 1000, no capabilities,
 * no new privileges. The network is the caller's. `shared` are folders that are seen, read-only, under their own path.
 */
export function runSealed(
  tree: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  shared: readonly string[] = [],
): Sealed {
  const root = mkdtempSync(join(tmpdir(), 'bullpen-root-'))
  const readable = ['/usr', '/etc', dirname(process.execPath), ...shared]
  const script = [
    'set -e; root=$1; tree=$2; shift 2',
    'mount -t tmpfs -o mode=0755 tmpfs "$root"; cd "$root"',
    'mkdir -p app dev proc tmp var/lib/bullpen',
    'for link in bin lib lib64 sbin; do if [ -L /$link ]; then cp -P /$link .; fi; done',
    `for folder in tmp var/lib/bullpen; do mount -t tmpfs -o mode=0700,uid=${imageUser},gid=${imageUser} tmpfs $folder; done`,
    ...readable.map((path) => `mkdir -p .${path}; mount --rbind ${path} .${path}; mount -o remount,bind,ro .${path}`),
    'mount --bind "$tree" app; mount -o remount,bind,ro app',
    'mount --rbind /proc proc; mount --rbind /dev dev',
    'mount -o remount,ro .',
    `exec chroot . setpriv --reuid=${imageUser} --regid=${imageUser} --clear-groups --no-new-privs --bounding-set=-all "$@"`,
  ].join('\n')
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', root, tree, process.execPath, ...args], {
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      NODE_ENV: 'production',
      HOME: '/var/lib/bullpen',
      BULLPEN_HOME: '/var/lib/bullpen',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const done = new Promise<number | null>((end, fail) => {
    child.on('error', fail)
    child.on('close', (status) => {
      rmSync(root, { recursive: true, force: true })
      end(status)
    })
  })
  return { child, output: () => text, done }
}
