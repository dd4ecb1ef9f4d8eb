import { expect, test } from '@jest/globals'
import { loadProgram } from '../program.ts'

/** Names of the commands a command line gets. */
async function commandsOf(...given: string[]): Promise<string[]> {
  const open = await loadProgram(['node', 'bullpen', ...given])
  const output = { stdout: process.stdout, stderr: process.stderr }
  const { program } = open(output, new AbortController().signal, { json: false, verbose: false })
  return program.commands.map((command) => command.name())
}

test('a command line loads the commands its first word names, and few others', async () => {
  const all = await commandsOf('--help')
  expect(all).toEqual(expect.arrayContaining(['train', 'weekly', 'predict', 'models', 'serve']))
  for (const name of all) {
    const loaded = await commandsOf('--json', name)
    expect([name, loaded]).toEqual([name, expect.arrayContaining([name])])
    expect(loaded.length).toBeLessThan(all.length)
  }
})

test('a word that is no command gets all of them, to be told what there is; --version gets none', async () => {
  const all = await commandsOf()
  expect(await commandsOf('trian')).toEqual(all)
  expect(await commandsOf('help', 'train')).toEqual(all)
  expect(await commandsOf('--version')).toEqual([])
})
