import { cloudConfig, type HostFile } from './cloud-config.ts'
import { lastResort, startLastResort } from './last-resort.ts'

/** What differs between clouds on a worker host. */
export interface WorkerHost {
  readonly image: string
  readonly command: readonly string[]
  readonly maxLifetimeSeconds: number
  /** How long tasks in hand may go on, s. */
  readonly noticeSeconds: number
  /** Bash, joined by &&: installs and starts a container engine. */
  readonly install: string
  /** Bash: writes /run/bullpen/environment, logs in for images, waits for Redis. Secrets come from the cloud's store. */
  readonly prepare: string
  /** Bash: gives the host back, so that nothing takes its place and it costs nothing more. */
  readonly leave: string
}

const prepare = '/usr/local/sbin/bullpen-prepare'
const leave = '/usr/local/sbin/bullpen-leave'

/**
 * User data of a worker host: a systemd unit runs the agent in a container; when the agent leaves, for whatever reason,
 * or never came to run, so does the host.
 */
export function workerHost(host: WorkerHost): string {
  return cloudConfig({
    files: [
      script(prepare, host.prepare),
      script(leave, host.leave),
      { path: '/etc/systemd/system/bullpen-worker.service', permissions: '0644', content: unit(host) },
      ...lastResort(host.maxLifetimeSeconds, leave),
    ],
    commands: [
      ...startLastResort,
      ['bash', '-c', `${host.install} && systemctl enable --now --no-block bullpen-worker.service || ${leave}`],
    ],
  })
}

function script(path: string, content: string): HostFile {
  return { path, permissions: '0700', content: `#!/bin/bash\n${content}` }
}

/** The container may write to its home and /tmp only, and has no privilege to gain. */
function unit({ image, command, noticeSeconds }: WorkerHost): string {
  const run = [
    '/usr/bin/docker run --rm --name bullpen --network host --read-only --tmpfs /tmp --cap-drop ALL',
    '--security-opt no-new-privileges --log-driver journald --env-file /run/bullpen/environment',
    '-v /var/lib/bullpen:/var/lib/bullpen -v /etc/bullpen:/etc/bullpen:ro',
    image,
    ...command,
  ]
  return [
    '[Unit]',
    'Description=bullpen agent',
    'Wants=network-online.target',
    'After=network-online.target docker.service',
    '',
    '[Service]',
    'Type=exec',
    'RuntimeDirectory=bullpen',
    'RuntimeDirectoryMode=0700',
    `ExecStartPre=${prepare}`,
    'TimeoutStartSec=900',
    `ExecStart=${run.join(' ')}`,
    `ExecStop=/usr/bin/docker stop -t ${noticeSeconds + 15} bullpen`,
    `TimeoutStopSec=${noticeSeconds + 30}`,
    `ExecStopPost=${leave}`,
    'Restart=no',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n')
}
