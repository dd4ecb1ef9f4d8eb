import type { ErrorEntry } from './entry.ts'

export const registryCodes = {
  OBJECT_NOT_FOUND: {
    message: 'object {sha256} is not in {store}',
    advice: 'Check that the registry and the object store belong together (BULLPEN_HOME, S3_BUCKET).',
    retryable: false,
    http: 404,
    exit: 1,
  },
  OBJECT_CORRUPT: {
    message: 'object {sha256} has the content of {actual}: it is damaged',
    advice: "Restore it from a copy or the bucket's earlier version; bullpen will not use it.",
    retryable: false,
    http: 500,
    exit: 1,
  },
} as const satisfies Record<string, ErrorEntry>
