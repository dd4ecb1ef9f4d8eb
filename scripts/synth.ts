import { execFile } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { bindingsInstalled, stacks as trainingStacks, synthesize } from '#infra-model'
import { deployStacks } from '../infra-deploy/index.ts'

/*
 * npm run synth                              every stack from the examples of its room, into infra-model/out
 * npm run synth -- --inputs mine/aws-base.json --out folder
 *                                            one stack (named by its file) from inputs of your own
 * npm run synth -- --golden                  renews infra-model/golden too: what the examples are expected to give
 *
 * Every stack is synthesised in a process of its own, so that the printed memory is its own.
 */
const stacks = [...trainingStacks, ...deployStacks]
const run = promisify(execFile)
const { values } = parseArgs({
  options: {
    inputs: { type: 'string' },
    out: { type: 'string', default: 'infra-model/out' },
    golden: { type: 'boolean', default: false },
  },
})

if (values.inputs === undefined) await synthesizeAll()
else await synthesizeOne(values.inputs, values.out)

async function synthesizeAll(): Promise<void> {
  console.log('stack                seconds  of these CPU   MB  file')
  for (const { name, bindings } of stacks) {
    if (bindings && !bindingsInstalled()) {
      console.error(`${name}: left out, the bindings of AWS are not installed (npm run infra:install)`)
      continue
    }
    const room = trainingStacks.some((stack) => stack.name === name) ? 'infra-model' : 'infra-deploy'
    const inputs = `${room}/examples/${name}.json`
    const { stdout } = await run(process.execPath, [import.meta.filename, '--inputs', inputs, '--out', values.out])
    process.stdout.write(stdout)
    // What the stack of the other room is expected to give are the manifests it wraps.
    if (values.golden && room === 'infra-model') copyFileSync(fileOf(name), `infra-model/golden/${name}.tf.json`)
  }
}

async function synthesizeOne(inputs: string, out: string): Promise<void> {
  const name = basename(inputs, '.json')
  const entry = stacks.find((stack) => stack.name === name)
  if (entry === undefined) throw new Error(`no stack ${name}: ${stacks.map((stack) => stack.name).join(', ')}`)
  try {
    await synthesize(entry, JSON.parse(readFileSync(inputs, 'utf8')), out)
  } catch (error) {
    console.error(`synth: ${(error as Error).message}`)
    process.exitCode = 2
    return
  }
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const seconds = process.uptime().toFixed(2).padStart(7)
  const cpu = ((userCPUTime + systemCPUTime) / 1e6).toFixed(2).padStart(13)
  console.log(`${name.padEnd(20)} ${seconds} ${cpu} ${(maxRSS / 1024).toFixed(0).padStart(4)}  ${fileOf(name)}`)
}

function fileOf(name: string): string {
  return join(values.out, 'stacks', name, 'cdk.tf.json')
}
