import { readFileSync } from 'node:fs'
import type { RedisOptions } from 'ioredis'
import { BullpenError } from '#core/errors'

/** TLS settings of a `rediss://` address. */
export interface RedisTls {
  /** PEM file of the authority to trust; unset: those Node trusts (and NODE_EXTRA_CA_CERTS). */
  readonly ca?: string | undefined
}

/** Where Redis is. */
export interface RedisAddress {
  /** For people: without user name and password. */
  readonly describe: string
  readonly options: Pick<RedisOptions, 'host' | 'port' | 'username' | 'password' | 'db' | 'tls'>
  /** `text` without what must not be shown. */
  readonly withoutSecrets: (text: string) => string
}

/** Reads `redis[s]://[user:password@]host[:port][/database]`. Throws USAGE, which does not repeat the address. */
export function readRedisAddress(address: string, { ca }: RedisTls = {}): RedisAddress {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const db = Number(url?.pathname.slice(1) ?? '')
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || !url.hostname || !Number.isInteger(db)) {
    throw new BullpenError('USAGE', {
      reason: 'the queue is not given as redis[s]://[user:password@]host[:port][/database]',
    })
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || 6379)
  const [username, password] = [url.username, url.password].map(decoded)
  const tls = url.protocol === 'rediss:' ? { servername: host, ...(ca ? { ca: readAuthority(ca) } : {}) } : undefined
  return {
    describe: `${url.protocol}//${url.hostname}:${port}${db === 0 ? '' : `/${db}`}`,
    options: {
      host,
      port,
      db,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(tls ? { tls } : {}),
    },
    withoutSecrets: (text) =>
      [address, password, url.password].reduce<string>(
        (shown, secret) => (secret ? shown.replaceAll(secret, '***') : shown),
        text,
      ),
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = `the certificate authority of Redis cannot be read: ${(error as Error).message}`
    throw new BullpenError('USAGE', { reason }, { cause: error })
  }
}
