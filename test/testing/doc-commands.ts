import { readFileSync } from 'node:fs'
import type { Command } from 'commander'

/** A command that a page names: its words, and the line that they stand in. */
export interface NamedCommand {
  readonly program: 'bullpen' | 'npm' | 'script'
  /** After the program: `weekly --target local`, `run synth -- --golden`, `scripts/image --tree DIR`. */
  readonly words: readonly string[]
  readonly line: string
}

const starts =
  /(?:\bnpm (run)(?: --silent)? |(?<![\w/.-])(?:node \S*)?(?<!-n )bullpen(?:\.js)? (?=[a-z-])|(?<![\w/-])(scripts\/[a-z][a-z0-9-]*\b(?!\.|\/)))/g

/** The commands of a page: of its shell blocks, and of code between back quotes. */
export function commandsOf(page: string): NamedCommand[] {
  const { shell, prose } = partsOf(readFileSync(page, 'utf8'))
  const lines = [
    ...shell.replaceAll(/\\\n\s*/g, ' ').split('\n'),
    ...[...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replaceAll(/\s+/g, ' ')),
  ]
  return lines.flatMap((line) => commandsIn(line.replace(/(^| )#.*$/, '')))
}

/** Options that a page names alone, without their command. */
export function loneOptionsOf(page: string): string[] {
  const { prose } = partsOf(readFileSync(page, 'utf8'))
  return [...prose.matchAll(/`(--[a-z][a-z-]+)[^`]*`/g)].map(([, option]) => option!)
}

/** Every option of a command line and of all commands below it. */
export function optionsBelow(command: Command): Set<string> {
  const own = command.options.flatMap(({ long }) => long ?? [])
  return new Set([...own, ...command.commands.flatMap((each) => [...optionsBelow(each)])])
}

/** Lines of shell blocks, and those outside of any block. */
function partsOf(text: string): { readonly shell: string; readonly prose: string } {
  const shell: string[] = []
  const prose: string[] = []
  let kind: string | null = null
  for (const line of text.split('\n')) {
    const fence = /^ *```(\w*)/.exec(line)
    if (fence) kind = kind === null ? fence[1]! : null
    else if (kind === null) prose.push(line)
    else if (['sh', 'bash', 'cron', ''].includes(kind)) shell.push(line)
  }
  return { shell: shell.join('\n'), prose: prose.join('\n') }
}

function commandsIn(line: string): NamedCommand[] {
  return [...line.matchAll(starts)].map((found) => {
    const [whole, npm, script] = found
    const rest = line.slice(found.index + whole.length)
    // As far as the shell takes it for one command; the brackets are those of a synopsis, not of it.
    const own = rest.split(/ (?:\||&&|>>?|2>>?|<|&)(?: |$)|;|\)| \.\.\. | …/)[0]!.replaceAll(/[[\]]/g, ' ')
    const words = own.split(/\s+/).filter((word) => word !== '' && word !== '…' && word !== '...')
    if (npm !== undefined) return { program: 'npm', words, line }
    return script === undefined
      ? { program: 'bullpen', words, line }
      : { program: 'script', words: [script, ...words], line }
  })
}

/** What is wrong with words of bullpen, asked of its own command line; null when nothing is. */
export function wordsProblem(bullpen: Command, words: readonly string[]): string | null {
  let command = bullpen
  const own = words.indexOf('--') < 0 ? words : words.slice(0, words.indexOf('--'))
  for (const word of own) {
    if (word.startsWith('-')) {
      const flag = word.split('=')[0]!.replaceAll(/["'.,]+$/g, '')
      if (!knows(command, flag)) return `${command.name()} has no option ${flag}`
    } else if (command.commands.length > 0) {
      // `up|status|down` names three: each must be there, and the last is gone on with.
      for (const name of word.split('|')) {
        const next = command.commands.find((each) => each.name() === name)
        if (!next) return `${command.name()} has no command ${name}`
        if (name === word.split('|').at(-1)) command = next
      }
    }
  }
  return null
}

function knows(command: Command, flag: string): boolean {
  if (flag === '--help' || flag === '-h') return true
  const isOwn = command.options.some(({ long, short }) => long === flag || short === flag)
  return isOwn || (command.parent !== null && knows(command.parent, flag))
}
