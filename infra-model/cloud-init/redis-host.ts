import { cloudConfig } from './cloud-config.ts'
import { lastResort, startLastResort } from './last-resort.ts'

/** What differs between clouds on a Redis host. */
export interface RedisHost {
  readonly maxLifetimeSeconds: number
  /** Bash, joined by &&: installs redis-server. */
  readonly install: string
  /** Path of the installed server. */
  readonly server: string
  /** Bash: prints the password, from the cloud's store. */
  readonly password: string
  /** Bash: gives the host back. */
  readonly leave: string
}

const start = '/usr/local/sbin/bullpen-redis'
const leave = '/usr/local/sbin/bullpen-leave'

/**
 * User data of the Redis host. The password goes from the store into a file that only redis can read, in memory; without
 * one the server does not start. Persistence is off: Redis tells agents what to try, what is true stands in PostgreSQL.
 */
export function redisHost(host: RedisHost): string {
  return cloudConfig({
    files: [
      {
        path: start,
        permissions: '0700',
        content: `#!/bin/bash
set -euo pipefail
umask 077
password=$(${host.password})
test -n "$password"
printf 'bind 0.0.0.0\\nprotected-mode yes\\nport 6379\\nsave ""\\nappendonly no\\nmaxmemory-policy noeviction\\ndir /run/bullpen\\nrequirepass %s\\n' "$password" > /run/bullpen/redis.conf
`,
      },
      { path: leave, permissions: '0700', content: `#!/bin/bash\n${host.leave}` },
      {
        path: '/etc/systemd/system/bullpen-redis.service',
        permissions: '0644',
        content: [
          '[Unit]',
          'Wants=network-online.target',
          'After=network-online.target',
          '',
          '[Service]',
          'DynamicUser=yes',
          'RuntimeDirectory=bullpen',
          'RuntimeDirectoryMode=0700',
          `ExecStartPre=+${start}`,
          'ExecStartPre=+/bin/bash -c "chown --reference=/run/bullpen /run/bullpen/redis.conf"',
          `ExecStart=${host.server} /run/bullpen/redis.conf`,
          'Restart=always',
          'RestartSec=5',
          'NoNewPrivileges=yes',
          '',
        ].join('\n'),
      },
      ...lastResort(host.maxLifetimeSeconds, leave),
    ],
    commands: [
      ...startLastResort,
      ['bash', '-c', `${host.install} && systemctl start bullpen-redis.service || ${leave}`],
    ],
  })
}
