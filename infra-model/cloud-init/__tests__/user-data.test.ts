import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { base64Of, textOf } from '../user-data.ts'

const awkward = '#!/bin/bash\nif [ "${x:-}" ]; then printf \'%s\\n\' "%{ $y }" \\\n; fi\tä"\\n\n@redis@ @redis@'

const installed = spawnSync('terraform', ['version']).status === 0
if (!installed) console.warn('!! NOT TESTED: user data read by terraform, which is not installed')

;(installed ? test : test.skip)('terraform reads the text as it was meant, with addresses in place of marks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-user-data-'))
  try {
    const references = { '@redis@': 'local.address' }
    const file = {
      locals: { address: '10.0.0.7' },
      output: {
        base64: { value: base64Of(awkward, references) },
        text: { value: textOf(awkward, references) },
      },
    }
    writeFileSync(join(folder, 'a.tf.json'), JSON.stringify(file))
    const terraform = (...words: string[]) =>
      execFileSync('terraform', [`-chdir=${folder}`, ...words], {
        env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' },
      }).toString()
    terraform('apply', '-auto-approve')
    const { base64, text } = JSON.parse(terraform('output', '-json')) as Record<'base64' | 'text', { value: string }>
    const meant = awkward.replaceAll('@redis@', '10.0.0.7')
    expect(Buffer.from(base64.value, 'base64').toString()).toBe(meant)
    expect(text.value).toBe(meant)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
