import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import { describeObjectStore } from '#core/registry/testing'
import { S3ObjectStore } from '#platform/objects'
import { S3Double } from './s3-double.ts'

const server = new S3Double()
let endpoint: string

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' })
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
