import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { imageTargets } from '../image/image-targets.ts'

interface Stage {
  readonly name: string
  readonly from: string
  /** [instruction, arguments], lines joined. */
  readonly instructions: readonly (readonly [string, string])[]
}

const stages = stagesOf(readFileSync('infra-deploy/Dockerfile', 'utf8'))
const ignored = readFileSync('.dockerignore', 'utf8').split('\n')

describe('the Dockerfile', () => {
  test('builds a serving and a worker image on one runtime, from one build', () => {
    expect(stages.map(({ name, from }) => [name, from])).toEqual([
      ['build', '${NODE_IMAGE}'],
      ['runtime', '${NODE_IMAGE}'],
      ['worker', 'runtime'],
      ['serving', 'runtime'],
    ])
  })

  test('stands on a Node 24 whose version is pinned', () => {
    const [, pinned] = /^ARG NODE_IMAGE=(.*)$/m.exec(readFileSync('infra-deploy/Dockerfile', 'utf8'))!
    expect(pinned).toMatch(/^node:24\.\d+\.\d+-bookworm-slim$/)
  })

  test.each(['worker', 'serving'] as const)(
    'runs %s as a user that is not root, by an entry that gets the signals',
    (name) => {
      const all = [...stageOf('runtime').instructions, ...stageOf(name).instructions]
      const last = (instruction: string): string => all.findLast(([found]) => found === instruction)![1]
      expect(last('USER')).toBe('1000:1000')
      const entry = JSON.parse(last('ENTRYPOINT')) as string[]
      expect(entry).toEqual(['node', `/app/${imageTargets[name].entries[0]}`])
      expect(JSON.parse(last('CMD'))).toBeInstanceOf(Array)
      expect(last('HEALTHCHECK')).toMatch(name === 'serving' ? /CMD \["node", "\/app\/healthcheck.mjs"\]$/ : /^NONE$/)
      const labels = all
        .filter(([found]) => found === 'LABEL')
        .map(([, text]) => text)
        .join(' ')
      for (const label of ['title', 'description', 'version', 'revision', 'created', 'licenses', 'base.name']) {
        expect(labels).toContain(`org.opencontainers.image.${label}=`)
      }
    },
  )

  test('makes the trees with the step that the tests of the images run', () => {
    const run = stageOf('build')
      .instructions.filter(([found]) => found === 'RUN')
      .map(([, text]) => text)
    for (const name of Object.keys(imageTargets)) {
      expect(run.join(' ')).toContain(`dist/infra-deploy/image/assemble-command.js ${name} /trees/${name}`)
      expect(stageOf(name).instructions).toContainEqual(['COPY', `--from=build /trees/${name} /app`])
    }
  })

  test('puts a compiler, a package manager or libxgboost into no serving image', () => {
    const steps = [...stageOf('runtime').instructions, ...stageOf('serving').instructions]
    const run = steps
      .filter(([found]) => found === 'RUN')
      .map(([, text]) => text)
      .join(' ')
    expect(run).not.toMatch(/apt-get|xgboost|npm (ci|install)/)
    expect(run).toMatch(/rm -rf .*\/usr\/local\/bin\/npm/)
  })

  test('copies what is there and not ignored', () => {
    const copied = stageOf('build')
      .instructions.filter(([found]) => found === 'COPY')
      .flatMap(([, text]) => text.split(' ').slice(0, -1))
    expect(copied).toContain('package-lock.json')
    for (const path of copied) expect([path, existsSync(path), ignored.includes(path)]).toEqual([path, true, false])
    expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', 'dist', '.env*', '**/*.pem']))
  })
})

describe('scripts/image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-docker-'))
  const calls = join(folder, 'calls')
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  test.each([[undefined], [`node:24.21.0-bookworm-slim@sha256:${'0'.repeat(64)}`]])(
    'builds both images, on Node.js as it is told: %s',
    (image) => {
      writeFileSync(calls, '')
      writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$*" >>'${calls}'\n`, { mode: 0o700 })
      const env = { ...process.env, PATH: `${folder}:${process.env['PATH']!}`, NODE_IMAGE: image ?? '' }
      execFileSync('scripts/image', ['registry.example.com/ml'], { env })
      const lines = readFileSync(calls, 'utf8').split('\n')
      const builds = lines.filter((line) => line.startsWith('build '))
      expect(builds.map((line) => /--target (\w+) --tag (\S+):/.exec(line)?.slice(1))).toEqual([
        ['serving', 'registry.example.com/ml/bullpen-serving'],
        ['worker', 'registry.example.com/ml/bullpen-worker'],
      ])
      const words = image === undefined ? [] : [`--build-arg NODE_IMAGE=${image} .`]
      for (const line of builds) expect(line.match(/--build-arg NODE_IMAGE.*$/g) ?? []).toEqual(words)
      expect(lines.some((line) => line.startsWith('push '))).toBe(false)
    },
  )
})

function stageOf(name: string): Stage {
  return stages.find((stage) => stage.name === name)!
}

function stagesOf(text: string): readonly Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^(\w+)\s+(.*)$/.exec(line.replaceAll(/\s+/g, ' '))!.slice(1) as [string, string])
  const found: { name: string; from: string; instructions: [string, string][] }[] = []
  for (const [instruction, rest] of lines) {
    const [from, , name] = rest.split(' ')
    if (instruction === 'FROM') found.push({ from: from!, name: name!, instructions: [] })
    else found.at(-1)?.instructions.push([instruction, rest])
  }
  return found
}
