import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { BullpenError } from '#core/errors'
import { terraformEnvironment } from './terraform-environment.ts'

/** S3 state is locked by an object of its own (`use_lockfile`) from this version on. */
const oldest = [1, 10] as const

const checked = new Map<string, Promise<string>>()

/** The version of the terraform binary, asked once. Throws TOOL_MISSING when it is absent or older than 1.10. */
export function checkTerraform(binary: string): Promise<string> {
  const asked = checked.get(binary) ?? askVersion(binary)
  checked.set(binary, asked)
  // What is missing now may be installed before it is asked for again.
  asked.catch(() => checked.delete(binary))
  return asked
}

async function askVersion(binary: string): Promise<string> {
  const missing = (purpose: string, cause?: unknown) =>
    new BullpenError('TOOL_MISSING', { tool: 'terraform >= 1.10', purpose }, { cause })
  const options = { env: terraformEnvironment('/dev/null'), timeout: 30_000 }
  const { stdout } = await promisify(execFile)(binary, ['version', '-json'], options).catch((error: unknown) => {
    throw missing('it makes and removes what clusters are of', error)
  })
  const version = /"terraform_version":\s*"(\d+)\.(\d+)\.([^"]+)"/.exec(stdout)
  if (!version) throw missing(`${binary} does not tell its version`)
  const [major, minor] = [Number(version[1]), Number(version[2])]
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw missing(`${binary} is ${major}.${minor}.${version[3]!}`)
  }
  return `${major}.${minor}.${version[3]!}`
}
