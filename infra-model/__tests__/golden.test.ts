import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { bindingsInstalled, stacks, synthesize } from '../index.ts'
import { exampleInputs } from '../testing/index.ts'

const synthesizable = stacks.filter(({ bindings }) => !bindings || bindingsInstalled())
for (const { name } of stacks.filter((stack) => !synthesizable.includes(stack))) {
  console.warn(`!! NOT TESTED: stack ${name}; the bindings of AWS are not installed (npm run infra:install)`)
}

describe('every stack, from its example inputs', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bullpen-synth-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(synthesizable)(
    '$name is synthesised as its golden file says; npm run synth -- --golden renews it',
    async (stack) => {
      const file = join(await synthesize(stack, exampleInputs(stack.name), folder), 'cdk.tf.json')
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
        JSON.parse(readFileSync(`infra-model/golden/${stack.name}.tf.json`, 'utf8')),
      )
    },
  )

  test.each(synthesizable)('$name tells problems of its inputs, not of terraform', async (stack) => {
    await expect(synthesize(stack, { surprise: 1 }, folder)).rejects.toMatchObject({ name: 'InputsInvalid' })
  })
})

const installed = spawnSync('terraform', ['version']).status === 0
if (!installed) console.warn('!! NOT TESTED: the golden files by terraform, which is not installed')

;(installed ? test : test.skip)('terraform reads every golden file and finds the providers it asks for', () => {
  for (const { name } of synthesizable) {
    const folder = mkdtempSync(join(tmpdir(), 'bullpen-providers-'))
    try {
      const stack = JSON.parse(readFileSync(`infra-model/golden/${name}.tf.json`, 'utf8')) as { terraform: object }
      const terraform = { ...stack.terraform, backend: undefined } // it would have to be reached
      writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ ...stack, terraform }))
      const providers = execFileSync('terraform', [`-chdir=${folder}`, 'providers'], {
        env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' },
      }).toString()
      expect(providers).toContain('Providers required by configuration')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
})
