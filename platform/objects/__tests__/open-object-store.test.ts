import { resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { openObjectStore } from '#platform/objects'

test.each([
  [undefined, 'folder /home/me/.bullpen/objects'],
  ['/data/objects', 'folder /data/objects'],
  ['objects', `folder ${resolve('objects')}`],
  ['s3://bucket', 's3://bucket'],
  ['s3://bucket/', 's3://bucket'],
  ['s3://bucket/a/b/', 's3://bucket/a/b'],
])('%s opens %s', (url, describe) => {
  expect(openObjectStore({ url, home: '/home/me/.bullpen' }).describe).toBe(describe)
})

test.each(['http://x/y', 's3://', 'gs://bucket/x'])('%s is refused', (url) => {
  expect(() => openObjectStore({ url, home: '.' })).toThrow(expect.objectContaining({ code: 'USAGE' }))
})
