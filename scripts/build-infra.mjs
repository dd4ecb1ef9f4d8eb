// Compiles what needs the typed bindings of AWS (infra-model/aws, infra-model/base) where they are installed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (existsSync('node_modules/@cdktn/provider-aws/package.json')) {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'infra-model/tsconfig.json'],
    {
      stdio: 'inherit',
    },
  )
  process.exitCode = status ?? 1
} else {
  console.error(
    '!! The AWS stacks are neither compiled nor tested: their bindings are not installed (npm run infra:install)',
  )
}
