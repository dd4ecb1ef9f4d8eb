import { expect, test } from '@jest/globals'
import { RequestFigures } from '../request-figures.ts'

test('requests are counted by route and status, and buckets hold all that took no longer', () => {
  const figures = new RequestFigures()
  for (const seconds of [0.0004, 0.0005, 0.003, 20]) figures.of('/v1/verdict').count(200, seconds)
  figures.of('/v1/verdict').count(503, 0.0001)
  figures.of('/v1/events').count(200)
  figures.of('/never')
  const text = figures.text({ count: { name: 'n', help: 'how many' }, time: { name: 't', help: 'how long' } })
  const lines = text.split('\n')
  expect(lines.slice(0, 5)).toEqual([
    '# HELP n how many',
    '# TYPE n counter',
    'n{route="/v1/verdict",status="200"} 4',
    'n{route="/v1/verdict",status="503"} 1',
    'n{route="/v1/events",status="200"} 1',
  ])
  const value = (le: string) => lines.find((line) => line.startsWith(`t_bucket{le="${le}",route="/v1/verdict"}`))
  expect(['0.0005', '0.001', '0.005', '15', '+Inf'].map((le) => value(le)?.split(' ')[1])).toEqual([
    '3',
    '3',
    '4',
    '4',
    '5',
  ])
  expect(text).toContain('t_count{route="/v1/verdict"} 5')
  // A stream goes on for as long as somebody listens: it has no time.
  expect(text).not.toMatch(/^t.*events/m)
  expect(text).not.toContain('/never')
})
