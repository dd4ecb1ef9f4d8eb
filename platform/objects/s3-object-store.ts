import type * as Sdk from '@aws-sdk/client-s3'
import { BullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import { isObjectName, type ObjectStore } from '#core/registry'

export interface S3ObjectStoreOptions {
  readonly bucket: string
  /** Put before every key, without slashes at its ends; empty for none. */
  readonly prefix: string
  /** For compatible servers, e.g. `http://127.0.0.1:7480`; AWS when undefined. */
  readonly endpoint?: string | undefined
  /** AWS_REGION and the SDK's own sources when undefined. */
  readonly region?: string | undefined
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`; what most compatible servers want. */
  readonly forcePathStyle?: boolean | undefined
  /** How often a request is tried in all while the server cannot be reached or is busy; the SDK's 3 when undefined. */
  readonly attempts?: number | undefined
}

/** The SDK as loaded, and a client of it. */
interface Connection {
  readonly sdk: typeof Sdk
  readonly client: Sdk.S3Client
}

/**
 * Objects in an S3 bucket under `prefix/ab/cdef...`. S3 shows an object only when all of it has arrived. Credentials
 * come from the SDK's default chain. The SDK is loaded with the first call: it takes 0.1 s and 20 MB.
 */
export class S3ObjectStore implements ObjectStore {
  readonly describe: string
  readonly #options: S3ObjectStoreOptions
  #connection: Promise<Connection> | null = null

  constructor(options: S3ObjectStoreOptions) {
    this.#options = options
    this.describe = `s3://${[options.bucket, options.prefix].filter((part) => part !== '').join('/')}`
  }

  async put(content: Uint8Array): Promise<string> {
    const name = sha256(content)
    const { sdk, client } = await this.#connect()
    await this.#sent(client.send(new sdk.PutObjectCommand({ ...this.#at(name), Body: content })))
    return name
  }

  async get(name: string): Promise<Uint8Array> {
    const missing = new BullpenError('OBJECT_NOT_FOUND', { sha256: name, store: this.describe })
    if (!isObjectName(name)) throw missing
    const { sdk, client } = await this.#connect()
    const content = await this.#sent(
      client.send(new sdk.GetObjectCommand(this.#at(name))).then((answer) => answer.Body?.transformToByteArray()),
      ['NoSuchKey', 'NotFound'],
    )
    if (content === null || content === undefined) throw missing
    const actual = sha256(content)
    if (actual !== name) throw new BullpenError('OBJECT_CORRUPT', { sha256: name, actual })
    return content
  }

  async has(name: string): Promise<boolean> {
    if (!isObjectName(name)) return false
    const { sdk, client } = await this.#connect()
    const head = await this.#sent(client.send(new sdk.HeadObjectCommand(this.#at(name))), ['NoSuchKey', 'NotFound'])
    return head !== null
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    const connection = await this.#connection
    connection?.client.destroy()
  }

  /** What the server answered, null for the error names given, OBJECT_STORE_UNAVAILABLE for all others. */
  async #sent<T>(answer: Promise<T>, absent: readonly string[] = []): Promise<T | null> {
    try {
      return await answer
    } catch (error) {
      if (error instanceof Error && absent.includes(error.name)) return null
      if (statusOf(error) === 507) throw new BullpenError('DISK_FULL', { path: this.describe }, { cause: error })
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      throw new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: this.describe, reason }, { cause: error })
    }
  }

  #at(name: string): { Bucket: string; Key: string } {
    const key = [this.#options.prefix, name.slice(0, 2), name.slice(2)].filter((part) => part !== '').join('/')
    return { Bucket: this.#options.bucket, Key: key }
  }

  #connect(): Promise<Connection> {
    this.#connection ??= this.#open()
    return this.#connection
  }

  async #open(): Promise<Connection> {
    const sdk = await import('@aws-sdk/client-s3')
    const { endpoint, region, forcePathStyle, attempts } = this.#options
    const client = new sdk.S3Client({
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(region === undefined ? {} : { region }),
      ...(attempts === undefined ? {} : { maxAttempts: attempts }),
      forcePathStyle: forcePathStyle ?? endpoint !== undefined,
      // The default sends CRC32 as a trailer, which radosgw answers with 411; we verify by SHA-256 ourselves.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
    return { sdk, client }
  }
}

/** HTTP status of a server's refusal; compatible servers say 507 when they are full. */
function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}
