import { expect, test } from '@jest/globals'
import { readConfig } from '../config.ts'

test('an empty environment gives the documented defaults under the current folder', () => {
  const config = readConfig({}, '/somewhere')
  expect(config).toMatchObject({ home: '/somewhere/.bullpen', objects: '/somewhere/.bullpen/objects', color: true })
  expect(config.leaseMs).toBe(10_000)
  expect(config.databaseUrl).toBeUndefined()
  expect(Object.isFrozen(config)).toBe(true)
})

test('every problem is listed at once, and no value that may hold a password is repeated', () => {
  const environment = {
    DATABASE_URL: 'mysql://me:secret@host',
    BULLPEN_THREADS: 'many',
    BULLPEN_LEASE_SECONDS: '0',
    BULLPEN_OBJECTS: 'ftp://x',
    BULLPEN_ADMIN_TOKEN: 'secret token',
  }
  let message = ''
  try {
    readConfig(environment, '/somewhere')
  } catch (error) {
    message = (error as Error).message
  }
  expect(message).toContain('5 problem(s)')
  for (const name of Object.keys(environment)) expect(message).toContain(name)
  expect(message).not.toContain('secret')
})

test('an s3 address is kept as it is and a folder is made absolute', () => {
  expect(readConfig({ BULLPEN_OBJECTS: 's3://models/weekly' }, '/x').objects).toBe('s3://models/weekly')
  expect(readConfig({ BULLPEN_OBJECTS: 'kept' }, '/x').objects).toBe('/x/kept')
})

test('NO_COLOR set to anything but nothing turns colours off', () => {
  expect(readConfig({ NO_COLOR: '1' }, '/x').color).toBe(false)
  expect(readConfig({ NO_COLOR: '' }, '/x').color).toBe(true)
})

test('BULLPEN_LOG is a level or a problem', () => {
  expect(readConfig({ BULLPEN_LOG: 'debug' }, '/x').log).toBe('debug')
  expect(readConfig({}, '/x').log).toBeUndefined()
  expect(() => readConfig({ BULLPEN_LOG: 'loud' }, '/x')).toThrow('BULLPEN_LOG is loud')
})
