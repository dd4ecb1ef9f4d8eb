import { join, resolve } from 'node:path'
import { BullpenError } from '#core/errors'
import type { ObjectStore } from '#core/registry'
import { FolderObjectStore } from './folder-object-store.ts'
import { S3ObjectStore } from './s3-object-store.ts'

export interface OpenObjectStoreOptions {
  /** `s3://bucket/prefix` or the path of a folder; `<home>/objects` when undefined. */
  readonly url?: string | undefined
  /** BULLPEN_HOME. */
  readonly home: string
  /** S3_ENDPOINT, for servers that are not AWS. */
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  /** The store holds objects already: a folder found empty is one that is not mounted (OBJECT_STORE_UNAVAILABLE). */
  readonly isFilled?: boolean | undefined
}

/**
 * The object store an address names. Nothing is contacted or created yet.
 *
 * @throws USAGE for an address of another kind
 */
export function openObjectStore({ url, home, endpoint, region, isFilled }: OpenObjectStoreOptions): ObjectStore {
  const options = isFilled === undefined ? {} : { isFilled }
  if (url === undefined) return new FolderObjectStore(join(resolve(home), 'objects'), options)
  if (!/^[a-z0-9]+:\/\//i.test(url)) return new FolderObjectStore(resolve(url), options)
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(url) ?? []
  if (bucket === undefined) {
    throw new BullpenError('USAGE', { reason: `an object store is a folder or s3://bucket/prefix, not ${url}` })
  }
  return new S3ObjectStore({ bucket, prefix: prefix ?? '', endpoint, region })
}
