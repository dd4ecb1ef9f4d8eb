import { expect, test } from '@jest/globals'
import { CommandLine } from '../cloud/command-line.ts'

test('a command line that is not installed is a missing tool', async () => {
  const line = new CommandLine('yandex', ['/nowhere/yc'])
  await expect(line.ask('look', 'compute')).rejects.toMatchObject({ code: 'TOOL_MISSING' })
})
