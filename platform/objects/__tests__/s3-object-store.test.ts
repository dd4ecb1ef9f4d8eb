import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import { describeObjectStore } from '#core/registry/testing'
import { openObjectStore, S3ObjectStore } from '#platform/objects'
import { S3Double } from '#platform/objects/testing'

const server = new S3Double()
let endpoint: string

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test'
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test'
  process.env['AWS_REGION'] ??= 'us-east-1'
  endpoint = await server.listen()
})
afterAll(() => server.close())

function open(bucket: string, prefix: string): S3ObjectStore {
  return new S3ObjectStore({ bucket, prefix, endpoint, attempts: 1 })
}

function keyOf(prefix: string, name: string): string {
  return `/bucket/${prefix}/${name.slice(0, 2)}/${name.slice(2)}`
}

describeObjectStore('S3ObjectStore', () => {
  const store = open('bucket', 'some/prefix')
  return Promise.resolve({
    store,
    damage: (name, content) => void server.objects.set(keyOf('some/prefix', name), content),
    close: () => store.close(),
  })
})

/** Set by `npm run test:s3`, which starts a real server there. */
const realEndpoint = process.env['S3_TEST_ENDPOINT']

if (realEndpoint !== undefined) {
  describeObjectStore('S3ObjectStore on a real server', async () => {
    const client = new S3Client({
      endpoint: realEndpoint,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    })
    await client.send(new CreateBucketCommand({ Bucket: 'bullpen' }))
    const store = openObjectStore({ url: 's3://bullpen/some/prefix', home: '.', endpoint: realEndpoint })
    return {
      store,
      damage: async (name, content) => {
        const Key = `some/prefix/${name.slice(0, 2)}/${name.slice(2)}`
        await client.send(new PutObjectCommand({ Bucket: 'bullpen', Key, Body: content }))
      },
      close: () => {
        client.destroy()
      },
    }
  })

  test('a real server refuses a bucket that is not there and a wrong secret', async () => {
    const missing = openObjectStore({ url: 's3://not-there', home: '.', endpoint: realEndpoint })
    const unavailable = { code: 'OBJECT_STORE_UNAVAILABLE' }
    await expect(missing.put(Buffer.from('x'))).rejects.toMatchObject(unavailable)
    const secret = process.env['AWS_SECRET_ACCESS_KEY']
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong'
    const stranger = openObjectStore({ url: 's3://bullpen', home: '.', endpoint: realEndpoint })
    await expect(stranger.put(Buffer.from('x'))).rejects.toMatchObject(unavailable)
    process.env['AWS_SECRET_ACCESS_KEY'] = secret
  })
}

test('objects lie under the prefix, fanned out by their first two digits', async () => {
  const store = open('bucket', 'p')
  const name = await store.put(Buffer.from('where'))
  expect(server.objects.has(keyOf('p', name))).toBe(true)
  expect(store.describe).toBe('s3://bucket/p')
  await store.close()
})

test('a server that fails, or a bucket that is not there, makes the store unavailable', async () => {
  const missing = open('missing', 'p')
  const unavailable = { code: 'OBJECT_STORE_UNAVAILABLE', retryable: true }
  await expect(missing.put(Buffer.from('x'))).rejects.toMatchObject(unavailable)
  await expect(missing.get(sha256('x'))).rejects.toMatchObject(unavailable)
  server.failWith = 503
  const store = open('bucket', 'p')
  await expect(store.put(Buffer.from('x'))).rejects.toMatchObject(unavailable)
  await expect(store.get(sha256('x'))).rejects.toMatchObject(unavailable)
  await expect(store.has(sha256('x'))).rejects.toMatchObject(unavailable)
  server.failWith = 507
  await expect(store.put(Buffer.from('x'))).rejects.toMatchObject({ code: 'DISK_FULL' })
  server.failWith = null
  await Promise.all([missing.close(), store.close()])
})

test('a server nobody reaches makes the store unavailable', async () => {
  const store = new S3ObjectStore({ bucket: 'b', prefix: '', endpoint: 'http://127.0.0.1:1', attempts: 1 })
  await expect(store.get(sha256('x'))).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' })
  await store.close()
})
