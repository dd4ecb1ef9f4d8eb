import { InvalidArgumentError, Option, type Command } from 'commander'
import { formatTime, parseTime, parseTimeframe } from '#core/candles'
import { keyScopes, type ApiKey, type ApiKeys, type KeyScope } from '#core/registry'
import type { CommandContext } from './command-context.ts'

const createHelp = `
The key is printed once and kept nowhere: only its SHA-256 is stored. A new key works within two seconds, a revoked one
stops as soon, without a restart. To rotate: create one, give it out, revoke the old one.

Examples:
  $ bullpen keys create --name "feed of the trading desk" --scope write
  $ bullpen keys create --name dashboard --scope read --expires 90d
  $ bullpen keys list
  $ bullpen keys revoke k3n0x8q2m1za`

interface Wanted {
  readonly name: string
  readonly scope: KeyScope
  readonly expires?: number
}

/** `bullpen keys`: who may ask the service for what. */
export function addKeyCommands(program: Command, context: CommandContext): void {
  const keys = program
    .command('keys')
    .description('create, list and revoke keys of the service')
    .addHelpText('after', createHelp)

  keys
    .command('create')
    .description('make a key and print it, once')
    .requiredOption('--name <text>', 'what it is for', nameOf)
    .addOption(
      new Option('--scope <scope>', 'read: ask; write: also send candles; admin: also promote')
        .choices(keyScopes)
        .default('read'),
    )
    .option('--expires <when>', 'a time, or a while from now such as 90d (default: never)', expiryOf)
    .addHelpText('after', createHelp)
    .action(({ name, scope, expires }: Wanted) =>
      withKeys(context, async (store) => {
        const { createKey } = await import('../keys/index.ts')
        const { key, text } = await createKey(store, { name, scope, expiresAt: expires ?? null })
        context.note('this is the only time the key is shown')
        context.answer({ ...shown(key), key: text }, () => [text])
      }),
    )

  keys
    .command('list')
    .description('all keys, newest first, without their secrets')
    .action(() =>
      withKeys(context, async (store) => {
        const all = await store.list()
        context.answer(all.map(shown), () =>
          all.length === 0 ? ['no keys yet: bullpen keys create'] : all.map(keyLine),
        )
      }),
    )

  keys
    .command('revoke <id>')
    .description('end a key for good')
    .action((id: string) =>
      withKeys(context, async (store) => {
        const key = await store.revoke(id)
        context.answer(shown(key), () => [keyLine(key)])
      }),
    )
}

async function withKeys(context: CommandContext, work: (keys: ApiKeys) => Promise<void>): Promise<void> {
  const { openDatabase, PostgresApiKeys } = await import('#platform/postgres/answering')
  const { databaseUrl, home } = context.config
  const onNote = (text: string): void => {
    context.note(text)
  }
  const database = await openDatabase({ url: databaseUrl, home, onNote })
  try {
    await work(new PostgresApiKeys(database))
  } finally {
    await database.close()
  }
}

function nameOf(text: string): string {
  const name = text.trim()
  if (name.length < 1 || name.length > 100) throw new InvalidArgumentError('expected 1 to 100 characters.')
  return name
}

/** ms since the epoch. */
function expiryOf(text: string): number {
  const time = parseTime(text) ?? (/^\d+[smhdw]$/.test(text) ? Date.now() + parseTimeframe(text) : null)
  if (time === null || time <= Date.now())
    throw new InvalidArgumentError('expected a time to come, or a while such as 90d.')
  return time
}

function shown({ id, name, scope, createdAt, expiresAt, revokedAt }: ApiKey) {
  const time = (ms: number | null): string | null => (ms === null ? null : formatTime(ms))
  return { id, name, scope, createdAt: time(createdAt), expiresAt: time(expiresAt), revokedAt: time(revokedAt) }
}

function keyLine({ id, name, scope, createdAt, expiresAt, revokedAt }: ApiKey): string {
  const end =
    revokedAt !== null
      ? `revoked ${formatTime(revokedAt)}`
      : expiresAt !== null
        ? `until ${formatTime(expiresAt)}`
        : 'for ever'
  return `${id}  ${scope.padEnd(5)}  ${formatTime(createdAt)}  ${end}  ${name}`
}
