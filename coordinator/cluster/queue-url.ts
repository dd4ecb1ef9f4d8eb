import { BullpenError } from '#core/errors'

/**
 * Address of the shared queue: what `--queue` says, else REDIS_URL, else none: everything runs in this process. Throws
 * USAGE for a password on the command line, where everybody on the machine can read it.
 */
export function queueUrl(option: string | undefined, redisUrl: string | undefined): string | undefined {
  if (option === undefined) return redisUrl
  const url = URL.canParse(option) ? new URL(option) : undefined
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol)) {
    throw new BullpenError('USAGE', { reason: '--queue takes redis://host[:port][/database] or rediss://...' })
  }
  if (url.password !== '') {
    throw new BullpenError('USAGE', {
      reason: '--queue must not carry a password, which process lists show: put the address into REDIS_URL',
    })
  }
  return option
}
