import { execFileSync } from 'node:child_process'
import { accessSync, constants, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Command } from 'commander'
import { Writable } from 'node:stream'
import { loadProgram } from '../coordinator/main/program.ts'
import { commandsOf, loneOptionsOf, optionsBelow, wordsProblem, type NamedCommand } from './testing/doc-commands.ts'

// Every command that a page names is there, with the options it is named with.

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'infra-model/README.md',
  'infra-deploy/README.md',
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]
const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts
const home = mkdtempSync(join(tmpdir(), 'bullpen-docs-'))

/** Options that scripts take for themselves; those of the others go on to a command of bullpen. */
const ownOptions: Readonly<Record<string, readonly string[]>> = { 'scripts/image': ['--push', '--tree'] }
const passedOn: Readonly<Record<string, readonly string[]>> = {
  'scripts/cluster-up': ['cluster', 'up'],
  'scripts/cluster-down': ['cluster', 'down'],
  'scripts/train': ['train'],
  'scripts/weekly': ['weekly'],
}

let bullpen: Command
let close: () => Promise<void>
beforeAll(async () => {
  const open = await loadProgram(['node', 'bullpen'])
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done()
    },
  })
  const opened = open({ stdout: nowhere, stderr: nowhere } as never, new AbortController().signal, {
    json: false,
    verbose: false,
  })
  bullpen = opened.program
  close = () => opened.session.close()
})
afterAll(async () => {
  await close()
  rmSync(home, { recursive: true, force: true })
})

test.each(pages)('%s names commands and options that exist', (page) => {
  expect(commandsOf(page).flatMap((named) => problemsOf(named))).toEqual([])
})

test.each(pages)('%s names no option alone that no command has', (page) => {
  const known = new Set([...optionsBelow(bullpen), '--help', '--inputs', ...Object.values(ownOptions).flat()])
  expect(loneOptionsOf(page).filter((option) => !known.has(option))).toEqual([])
})

test('a command, an option or a script that is not there is noticed', () => {
  const of = (...words: string[]) => wordsProblem(bullpen, words)
  expect(of('clusters', 'up')).toBe('bullpen has no command clusters')
  expect(of('cluster', 'up|away')).toBe('cluster has no command away')
  expect(of('cluster', 'up', '--where', 'local')).toBe('up has no option --where')
  expect(of('--json', 'cluster', 'up', '--target=local')).toBeNull()
  expect(problemsOf({ program: 'npm', words: ['bench:nothing'], line: '' })).toHaveLength(1)
  expect(problemsOf({ program: 'script', words: ['scripts/nothing'], line: '' })).toHaveLength(1)
  expect(problemsOf({ program: 'script', words: ['scripts/train', '--trails', '3'], line: '' })).toHaveLength(1)
  expect(commandsOf('docs/operations.md').length).toBeGreaterThan(60)
})

test('the manifests of an installation of your own stand beside the overlays, as the page copies them', () => {
  const deploy = join(home, 'deploy')
  const inputs = ['--input', 'infra-deploy/examples/serving.json', '--out', deploy]
  const said = execFileSync(process.execPath, ['dist/infra-deploy/manifests-command.js', ...inputs], {
    encoding: 'utf8',
  })
  for (const secret of [
    'bullpen-database',
    'bullpen-objects',
    'bullpen-signing',
    'bullpen-metrics',
    'bullpen-serving-tls',
  ]) {
    expect(said).toContain(secret)
  }
  cpSync('infra-deploy/k8s/overlays', join(deploy, 'overlays'), { recursive: true })
  for (const overlay of ['production', 'kind']) {
    expect(kustomized(join(deploy, 'overlays', overlay))).toBe(kustomized(`infra-deploy/k8s/overlays/${overlay}`))
  }
})

test('the stack of an installation is synthesised from a file of that name, as the page says', () => {
  const out = join(home, 'deploy-tf')
  const inputs = ['--inputs', 'infra-deploy/examples/serving.json', '--out', out]
  execFileSync(process.execPath, ['dist/scripts/synth.js', ...inputs])
  expect(existsSync(join(out, 'stacks/serving/cdk.tf.json'))).toBe(true)
})

function problemsOf({ program, words, line }: NamedCommand): string[] {
  const problem =
    program === 'bullpen' ? wordsProblem(bullpen, words) : program === 'npm' ? npmProblem(words) : scriptProblem(words)
  return problem === null ? [] : [`${line}: ${problem}`]
}

function npmProblem([script = '', ...words]: readonly string[]): string | null {
  if (!(script in scripts)) return `there is no npm run ${script}`
  const given = words[0] === '--' ? words.slice(1) : words
  return script === 'bullpen' ? wordsProblem(bullpen, given) : null
}

function scriptProblem([script = '', ...words]: readonly string[]): string | null {
  try {
    accessSync(script, constants.X_OK)
  } catch {
    return `${script} cannot be run`
  }
  const command = passedOn[script]
  if (command) return wordsProblem(bullpen, [...command, ...words])
  const unknown = words.find((word) => word.startsWith('-') && !ownOptions[script]?.includes(word))
  return unknown === undefined ? null : `${script} has no option ${unknown}`
}

function kustomized(folder: string): string {
  return execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
}
