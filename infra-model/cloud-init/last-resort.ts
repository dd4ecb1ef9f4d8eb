import type { HostFile } from './cloud-config.ts'

/** Time after an agent's own --max-lifetime until the host goes down under it, s: its tasks in hand may end. */
const grace = 300

/**
 * A timer that takes the host down after the longest lifetime, whatever became of the programs on it. The clock starts
 * at boot, so nothing that hangs during the first boot escapes it.
 * @param leave path of the program that gives the host back
 */
export function lastResort(maxLifetimeSeconds: number, leave: string): readonly HostFile[] {
  return [
    {
      path: '/etc/systemd/system/bullpen-end.timer',
      permissions: '0644',
      content: `[Timer]\nOnBootSec=${maxLifetimeSeconds + grace}\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n`,
    },
    {
      path: '/etc/systemd/system/bullpen-end.service',
      permissions: '0644',
      content: `[Service]\nType=oneshot\nExecStart=${leave}\n`,
    },
  ]
}

/** The first command of every host. */
export const startLastResort: readonly (readonly string[])[] = [
  ['systemctl', 'daemon-reload'],
  ['systemctl', 'enable', '--now', 'bullpen-end.timer'],
]
