import { spawn, type ChildProcess } from 'node:child_process'

/**
 * Waits for the end of its input, which closing the lab and any death of the test process bring about, and removes the
 * lab: PostgreSQL first and by its own means (a killed one leaves shared memory behind), then every process in the
 * lab's namespaces, the namespaces with their links, and the folder.
 */
const script = `
cat >/dev/null
prefix=$1 folder=$2
spaces() { ip netns list 2>/dev/null | cut -d' ' -f1 | grep "^$prefix-"; }
pids() { for space in $(spaces); do ip netns pids "$space" 2>/dev/null; done; }
server=$(head -n 1 "$folder/postgres/data/postmaster.pid" 2>/dev/null)
if [ -n "$server" ] && pids | grep -qx "$server"; then
  kill -QUIT "$server"
  for i in $(seq 100); do [ -e "/proc/$server" ] || break; sleep 0.05; done
fi
for i in $(seq 100); do
  left=$(pids)
  [ -n "$left" ] || break
  kill -9 $left 2>/dev/null
  sleep 0.05
done
for space in $(spaces); do ip netns delete "$space"; done
rm -rf "$folder"
`

/** Removes a lab when asked to, or when this process is gone. */
export class LabKeeper {
  private readonly child: ChildProcess
  private readonly ended: Promise<void>

  /** `prefix` is how the names of the lab's namespaces begin; `folder` holds everything the lab writes. */
  constructor(prefix: string, folder: string) {
    // Detached, so that a Ctrl-C in the terminal ends the tests and not what cleans up after them.
    this.child = spawn('sh', ['-c', script, 'keeper', prefix, folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('exit', () => {
        resolve()
      })
    })
  }

  /** Removes the lab now; resolves when nothing of it is left. Idempotent. */
  async remove(): Promise<void> {
    this.child.stdin?.end()
    await this.ended
  }
}
