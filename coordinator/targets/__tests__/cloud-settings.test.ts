import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { cloudInfra } from '../../main/load-cloud-infra.ts'
import { readCloudSettings } from '../cloud/cloud-settings.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bullpen-settings-'))
  mkdirSync(join(home, 'targets'))
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

const write = (text: string) => {
  writeFileSync(join(home, 'targets', 'aws.json'), text)
}
const example = (cloud: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`infra-model/examples/${cloud}-cluster.json`, 'utf8')) as Record<string, unknown>

test('settings are read from the home, and what is no settings is told with the name of the file', () => {
  expect(() => readCloudSettings(home, 'aws')).toThrow(/targets\/aws.json: cannot be read as JSON/)
  write('{')
  expect(() => readCloudSettings(home, 'aws')).toThrow(/targets\/aws.json: cannot be read as JSON/)
  write('{"base": {"name": "b"}}')
  expect(() => readCloudSettings(home, 'aws')).toThrow(/targets\/aws.json: /)
  write(JSON.stringify(example('aws')))
  expect(readCloudSettings(home, 'aws')).toMatchObject({ base: { name: 'bullpen', region: 'eu-central-1' } })
})

test.each([
  ['aws', { redis: { perHour: 0.03, currency: 'USD' }, workers: { perHour: 1.88, currency: 'USD' } }],
  ['yandex', { redis: null, workers: { perHour: 86, currency: 'RUB' } }],
] as const)('the group of %s costs at most what all its hosts cost', async (cloud, prices) => {
  expect(await cloudInfra.prices(cloud, example(cloud))).toEqual(prices)
})

test('inputs that do not hold are wrong usage, and name what is wrong', async () => {
  await expect(cloudInfra.prices('aws', { ...example('aws'), workers: 0 })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('workers: is 1 to 1000') as unknown,
  })
})

test('the stack of a cloud is written where terraform is to run', async () => {
  const folder = await cloudInfra.synth('yandex', example('yandex'), home)
  expect(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')).toContain('yandex_compute_instance_group')
})
