import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { identify } from '#platform/processes'
import { until } from '../../../test/cluster/testing/until.ts'
import { RunningTerraform } from '../running-terraform.ts'
import { Terraform } from '../terraform.ts'

const signal = new AbortController().signal
const isInstalled = spawnSync('sh', ['-c', 'command -v terraform']).status === 0
if (!isInstalled) console.warn('SKIPPED, NOT TESTED: "the terraform binary" needs terraform, not installed here')
const describeTerraform = isInstalled ? describe : describe.skip

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bullpen-terraform-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describeTerraform('the terraform binary', () => {
  test('applies, tells its outputs and whether there is anything to change, and destroys', async () => {
    const terraform = open({ command: 'true' })
    await terraform.init(signal)
    expect(await terraform.plan(signal)).toBe(true)
    await terraform.apply(signal)
    expect(await terraform.plan(signal)).toBe(false)
    expect(await terraform.output(signal)).toEqual({ greeting: 'hello' })
    await terraform.destroy(signal)
    expect(await terraform.plan(signal)).toBe(true)
    expect(await terraform.running.now()).toBeNull()
  })

  test('says why it failed, and hides the secrets in it', async () => {
    const terraform = open({ command: 'echo password=hunter2 is wrong >&2; exit 1' })
    await terraform.init(signal)
    const failed = terraform.apply(signal)
    await expect(failed).rejects.toMatchObject({ code: 'TARGET_FAILED', details: { what: 'terraform apply' } })
    await expect(failed).rejects.toThrow('password=[redacted] is wrong')
  })

  test('stops in the middle when it is told to, and refuses a second one meanwhile', async () => {
    const terraform = open({ command: `echo $$ >${folder}/started; exec sleep 300` })
    await terraform.init(signal)
    const stop = new AbortController()
    const stopped = terraform.apply(stop.signal)
    stopped.catch(() => undefined)
    const pid = await until('the command', () => Promise.resolve(readPid(join(folder, 'started'))))
    const running = (await terraform.running.now())!
    expect(running.command).toBe('apply')
    await expect(open({ command: 'true' }).destroy(signal)).rejects.toMatchObject({
      code: 'TARGET_BUSY',
      details: { pid: running.pid },
    })
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    expect(identify(pid)).toBeNull()
    expect(identify(running.pid)).toBeNull()
  })
})

test('a lock that outlived its terraform is broken to destroy, and for nothing else', async () => {
  const binary = join(folder, 'terraform')
  writeFileSync(binary, lockedTerraform)
  chmodSync(binary, 0o755)
  const terraform = new Terraform({
    folder,
    target: 'local',
    backend: { kind: 'local' },
    binary,
    env: { HERE: folder },
  })
  await terraform.init(signal)
  await expect(terraform.apply(signal)).rejects.toThrow('Error acquiring the state lock')
  await expect(terraform.destroy(signal)).rejects.toThrow('Error acquiring the state lock')
  await terraform.destroy(signal, { breakLock: true })
  expect(readFileSync(join(folder, 'unlocked'), 'utf8')).toBe('force-unlock -no-color -force 17-a\n')
})

test('a terraform that is absent or too old is named with what it is for', async () => {
  const old = join(folder, 'old-terraform')
  writeFileSync(old, `#!/bin/sh\necho '{ "terraform_version": "1.9.8" }'\n`)
  chmodSync(old, 0o755)
  for (const [binary, reason] of [
    [old, 'is 1.9.8'],
    [join(folder, 'absent'), 'it makes and removes'],
  ] as const) {
    const terraform = new Terraform({ folder, target: 'local', backend: { kind: 'local' }, binary })
    await expect(terraform.init(signal)).rejects.toMatchObject({ code: 'TOOL_MISSING' })
    await expect(terraform.init(signal)).rejects.toThrow(reason)
  }
})

test('only the recorded process is ended, never a later one with its pid, and one that destroys may finish', async () => {
  const running = new RunningTerraform(folder)
  const start = () => {
    const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
    return { child, exited: once(child, 'exit'), identity: identify(child.pid!)! }
  }
  const [one, two] = [start(), start()]
  expect(await running.claim({ ...one.identity, started: 'long ago', command: 'apply' })).toBeNull()
  await running.end({ graceMs: 5000, patienceMs: 0 })
  expect(identify(one.identity.pid)).not.toBeNull()

  expect(await running.claim({ ...one.identity, command: 'apply' })).toBeNull()
  expect(await running.claim({ ...two.identity, command: 'apply' })).toMatchObject(one.identity)
  await running.end({ graceMs: 5000, patienceMs: 0 })
  await one.exited
  expect(existsSync(join(folder, 'running.json'))).toBe(false)

  expect(await running.claim({ ...two.identity, command: 'destroy' })).toBeNull()
  const ended = running.end({ graceMs: 5000, patienceMs: 60_000 })
  two.child.kill('SIGTERM')
  await ended
  expect(await two.exited).toEqual([null, 'SIGTERM'])
})

/** A terraform whose state is locked until it is unlocked by force. */
const lockedTerraform = `#!/bin/sh
case $1 in
version) echo '{ "terraform_version": "1.11.4" }' ;;
force-unlock) echo "$*" >"$HERE/unlocked" ;;
apply | destroy)
  [ ! -e "$HERE/unlocked" ] || exit 0
  printf '│ Error: Error acquiring the state lock\\n│ Lock Info:\\n│   ID:        17-a\\n'
  exit 1 ;;
esac
`

/** A stack of one resource whose create command is given. */
function open({ command }: { readonly command: string }): Terraform {
  const provisioner = [{ 'local-exec': { command } }]
  const stack = {
    resource: { terraform_data: { thing: { input: 'hello', provisioner } } },
    output: { greeting: { value: '${terraform_data.thing.output}' } },
  }
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(stack))
  return new Terraform({ folder, target: 'local', backend: { kind: 'local' }, graceMs: 5000 })
}

function readPid(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8')) || null
  } catch {
    return null
  }
}
