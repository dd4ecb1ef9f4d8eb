import type { ErrorEntry } from './entry.ts'

export const serviceCodes = {
  UNAUTHORIZED: {
    message: 'a token is needed here',
    advice: 'Send Authorization: Bearer TOKEN, or sign in as bullpen with the token as the password.',
    retryable: false,
    http: 401,
    exit: 1,
  },
  REQUEST_INVALID: {
    message: 'the request cannot be read: {reason}',
    advice: 'Mend the request; docs/operations.md lists the pages.',
    retryable: false,
    http: 400,
    exit: 1,
  },
  PAGE_NOT_FOUND: {
    message: 'there is no page {path}',
    advice: 'The page / lists what there is.',
    retryable: false,
    http: 404,
    exit: 1,
  },
  PAGE_NOT_BUILT: {
    message: 'the dashboard was not built',
    advice: 'Run npm run build:web and start the service again; every other address answers without it.',
    retryable: false,
    http: 503,
    exit: 1,
  },
  READ_ONLY: {
    message: '{method} is refused: these pages only show',
    advice: 'Stop, resume or cancel a run with the bullpen command.',
    retryable: false,
    http: 405,
    exit: 1,
  },
  SERVICE_SLOW: {
    message: 'no answer within {seconds} s',
    advice: 'Look whether Redis and PostgreSQL answer, then ask again.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  ADDRESS_UNAVAILABLE: {
    message: 'cannot listen on {address}: {reason}',
    advice: 'Choose another port or host.',
    retryable: false,
    http: 500,
    exit: 1,
  },
  TOKEN_FILE_UNSAFE: {
    message: 'the secret in {path} cannot be used: {reason}',
    advice: 'Delete the file, so that a new one is made, or name another (BULLPEN_ADMIN_TOKEN, BULLPEN_SIGNING_KEY).',
    retryable: false,
    http: 500,
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>
