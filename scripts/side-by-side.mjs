// `node scripts/side-by-side.mjs build lint`: runs scripts of package.json at the same time; fails when one of them fails,
// once all have ended.
import { spawn } from 'node:child_process'

const statuses = await Promise.all(
  process.argv.slice(2).map(
    (name) =>
      new Promise((resolve, reject) => {
        const child = spawn('npm', ['run', '--silent', name], { stdio: 'inherit' })
        child.on('error', reject)
        child.on('close', (status) => resolve(status ?? 1))
      }),
  ),
)
process.exitCode = Math.max(...statuses)
