import type { ErrorEntry } from './entry.ts'

export const rentalCodes = {
  TARGET_FAILED: {
    message: 'target {target}: {what} failed: {reason}',
    advice: 'Read the reason; run the command again, it goes on where it stopped. Nothing rented outlives its term.',
    retryable: true,
    http: 502,
    exit: 1,
  },
  TARGET_BUSY: {
    message: 'target {target}: {what} is at work there already, pid {pid}',
    advice: 'Wait for it to end, or end it and what it has made with: bullpen cluster down.',
    retryable: true,
    http: 409,
    exit: 1,
  },
  TARGET_UNREACHABLE: {
    message: 'target {target}: {place} cannot be looked at: {reason}',
    advice: 'Check the address, the key and the network, or the cloud command line and its credentials.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  HOSTS_INVALID: {
    message: 'file of hosts {file}: {problems}',
    advice: 'Mend the file; docs/operations.md, Hosts reached by ssh, shows one. Nothing has been touched.',
    retryable: false,
    http: 400,
    exit: 2,
  },
  CLUSTER_BUSY: {
    message: 'cluster {cluster} is being changed ({change}) by {holder}, for {seconds} s more unless it goes on',
    advice: 'Wait for it, or take the cluster down, which ends a coming up.',
    retryable: true,
    http: 409,
    exit: 1,
  },
  CLUSTER_NOT_UP: {
    message: 'cluster {cluster} is not up: {reason}',
    advice: 'Bring it up with bullpen cluster up; bullpen cluster status shows what there is.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  RENTAL_OVER: {
    message: 'rental {rental} is over: {reason}',
    advice: 'Nothing is started for it. Bring its cluster up again, which books anew.',
    retryable: false,
    http: 409,
    exit: 1,
  },
  TOOL_MISSING: {
    message: '{tool} is not installed: {purpose}',
    advice: 'Install it and put it on the PATH; docs/operations.md names the versions.',
    retryable: false,
    http: 500,
    exit: 1,
  },
} as const satisfies Record<string, ErrorEntry>
