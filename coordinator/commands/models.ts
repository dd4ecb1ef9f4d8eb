import { rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { formatTime, formatTimeframe, parseTime } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { RentalLedger } from '#core/protocol'
import type { AliasMove, DriftActions, ModelRegistry, ModelVersion, ObjectStore, RunStore } from '#core/registry'
import { pathError, writeAtomically } from '#platform/files'
import { knownCostOf, type RunCost } from '../cost/index.ts'
import { decisionLines } from './decision-lines.ts'
import { addCertificateCommand } from './models-certificate.ts'
import { addDriftCommands } from './models-drift.ts'

/** What the commands need of their session. */
export interface ModelsContext {
  readonly workshop: {
    registry(): Promise<ModelRegistry>
    objects(): ObjectStore
    driftActions(): Promise<DriftActions>
    runs(): Promise<Pick<RunStore, 'get' | 'trials'>>
    rentals(): Promise<Pick<RentalLedger, 'list'>>
  }
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Prints the command's answer: the value itself, or its lines. */
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
}

interface AliasOption {
  readonly alias: string
}

interface PromoteOptions extends AliasOption {
  readonly reason: string
  readonly override?: string
}

const promoteExamples = [
  'promote 3 --alias shadow --reason "watch it for a week"',
  'promote 3 --override "the champion answers sell since the exchange changed its feed"',
]

const champion = ['--alias <name>', 'the alias', 'champion'] as const

/** `bullpen models`: what is registered, who is champion, who was, and the files of a version. */
export function addModelCommands(program: Command, context: ModelsContext): void {
  const { workshop } = context
  const models = program.command('models').description('list, inspect, promote, roll back and export model versions')

  models
    .command('list')
    .description('all versions, newest first, with their aliases')
    .addHelpText('after', examples('list', 'list --json'))
    .action(async () => {
      const registry = await workshop.registry()
      const aliases = await registry.aliases()
      context.answer(await listing(registry, aliases), listLines)
    })

  models
    .command('show [version]')
    .description('one version by number or alias (default champion) and what it cost; its whole manifest under --json')
    .option('--at <time>', 'the version the alias pointed at then')
    .addHelpText('after', examples('show', 'show 3 --json', 'show champion --at 2020-06-01'))
    .action(async (name = 'champion', { at }: { at?: string }) => {
      const found = await lookUp(await workshop.registry(), String(name), at)
      context.answer({ ...found, cost: await costOf(found, context) }, showLines)
    })

  addCertificateCommand(
    models,
    async (name) => lookUp(await workshop.registry(), name),
    (value, lines) => {
      context.answer(value, lines)
    },
  )

  addDriftCommands(models, {
    driftActions: () => workshop.driftActions(),
    lookUp: async (name) => lookUp(await workshop.registry(), name),
    userName,
    answer: (value, lines) => {
      context.answer(value, lines)
    },
  })

  models
    .command('promote <version>')
    .description('point an alias at a version; champion only as the gate decided, or by --override')
    .option(...champion)
    .option('--reason <text>', 'kept in the history', 'promoted by hand')
    .option('--override <why>', 'against the gate; the words and your name are kept')
    .addHelpText('after', examples(...promoteExamples))
    .action(async (name: string, { alias, reason, override }: PromoteOptions) => {
      const registry = await workshop.registry()
      const { version } = await lookUp(registry, name)
      const by = override === undefined ? {} : { override: { reason: override, by: userName() } }
      context.answer(await registry.moveAlias(alias, version, reason, by), moveLines)
    })

  models
    .command('rollback')
    .description('undo the last move of an alias; again goes further back')
    .option(...champion)
    .option('--reason <text>', 'kept in the history', 'rolled back by hand')
    .addHelpText('after', examples('rollback', 'rollback --alias shadow --reason "too many sells"'))
    .action(async ({ alias, reason }: AliasOption & { reason: string }) => {
      context.answer(await (await workshop.registry()).rollback(alias, reason), moveLines)
    })

  models
    .command('history')
    .description('every move of an alias, oldest first')
    .option(...champion)
    .addHelpText('after', examples('history', 'history --alias shadow --json'))
    .action(async ({ alias }: AliasOption) => {
      const registry = await workshop.registry()
      const moves = await registry.history(alias)
      if (moves.length === 0) throw unknownAlias(alias, await registry.aliases())
      context.answer(moves, (all) => all.flatMap(moveLines))
    })

  models
    .command('decisions')
    .description('what the promotion gate said of each version, oldest first; all numbers under --json')
    .option(...champion)
    .addHelpText('after', examples('decisions', 'decisions --json'))
    .action(async ({ alias }: AliasOption) => {
      context.answer(await (await workshop.registry()).decisions(alias), decisionLines)
    })

  models
    .command('export <version>')
    .description('write a version, by number or alias, as XGBoost JSON, with its manifest beside it')
    .requiredOption('--out <file>', 'the model file; the manifest gets .manifest.json in place of .json')
    .addHelpText('after', examples('export champion --out champion.json', 'export 3 --out models/v3.json'))
    .action(async (name: string, { out }: { out: string }) => {
      const found = await lookUp(await workshop.registry(), name)
      context.answer(await exportVersion(found, workshop.objects(), out), ({ model, manifest }) => [model, manifest])
    })
}

/** A version by number or alias, now or at a time. Throws MODEL_VERSION_NOT_FOUND, UNKNOWN_NAME, USAGE. */
async function lookUp(registry: ModelRegistry, name: string, at?: string): Promise<ModelVersion> {
  if (/^\d+$/.test(name)) {
    if (at !== undefined) throw new BullpenError('USAGE', { reason: '--at goes with an alias, not with a number' })
    return registry.get(Number(name))
  }
  const found = at === undefined ? await registry.resolve(name) : await registry.resolveAt(name, timeOf(at))
  if (found !== null) return found
  const aliases = await registry.aliases()
  if (at === undefined || !(name in aliases)) throw unknownAlias(name, aliases)
  throw new BullpenError('USAGE', { reason: `alias ${name} was not set before ${formatTime(timeOf(at))}` })
}

/** What making a version cost; null: the registry does not know its run, or the run never told. */
async function costOf({ manifest }: ModelVersion, { workshop, now }: ModelsContext): Promise<RunCost | null> {
  const [runs, rentals] = [await workshop.runs(), await workshop.rentals()]
  try {
    const run = await runs.get(manifest.runId)
    return await knownCostOf(run, await runs.trials(run.id), rentals, now())
  } catch (error) {
    if (error instanceof BullpenError && error.code === 'RUN_NOT_FOUND') return null
    throw error
  }
}

function timeOf(text: string): number {
  const ms = parseTime(text)
  if (ms === null) throw new BullpenError('USAGE', { reason: `--at ${text} is not an ISO 8601 time` })
  return ms
}

function unknownAlias(name: string, aliases: Readonly<Record<string, number>>): BullpenError {
  const known = Object.keys(aliases).join(', ') || 'none'
  return new BullpenError('UNKNOWN_NAME', { kind: 'alias', name, known })
}

/** Writes the verified model and its manifest: both or neither. */
async function exportVersion(
  { version, createdAt, manifest }: ModelVersion,
  objects: ObjectStore,
  out: string,
): Promise<{ version: number; sha256: string; model: string; manifest: string }> {
  const beside = `${out.replace(/\.json$/i, '')}.manifest.json`
  const content = await objects.get(manifest.model.sha256)
  try {
    await writeAtomically(out, content)
    await writeAtomically(beside, `${JSON.stringify({ version, createdAt, manifest }, null, 2)}\n`).catch(
      async (error: unknown) => {
        await rm(out)
        throw error
      },
    )
  } catch (error) {
    throw pathError(error, out)
  }
  return { version, sha256: manifest.model.sha256, model: out, manifest: beside }
}

/** The user of the operating system; by number where it has no name, as in many containers. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

interface Listed extends ModelVersion {
  readonly aliases: readonly string[]
}

async function listing(registry: ModelRegistry, aliases: Readonly<Record<string, number>>): Promise<Listed[]> {
  const names = (version: number): string[] => Object.keys(aliases).filter((name) => aliases[name] === version)
  return (await registry.list()).map((entry) => ({ ...entry, aliases: names(entry.version) }))
}

function listLines(versions: readonly Listed[]): string[] {
  if (versions.length === 0) return ['no model is registered yet: bullpen weekly makes the first']
  return versions.map(({ version, createdAt, manifest, aliases }) => {
    const { data, heldOut } = manifest
    const series = `${data.symbol} ${formatTimeframe(data.widthMs)}`
    const score = `AUC ${heldOut.rocAucOvrWeighted.toFixed(4)} (lift ${signed(heldOut.lift)})`
    return `${version}  ${formatTime(createdAt)}  ${series}  ${score}  ${aliases.join(', ')}`.trimEnd()
  })
}

function showLines({ version, createdAt, manifest, cost }: ModelVersion & { readonly cost: RunCost | null }): string[] {
  const { contract, crossValidation, data, engine, heldOut, model } = manifest
  const span = `${formatTime(data.firstOpenTime)} to ${formatTime(data.lastOpenTime)}`
  return [
    `version ${version}, registered ${formatTime(createdAt)}, from run ${manifest.runId}`,
    `model     ${model.sha256} (${model.bytes} bytes, ${engine.name} ${engine.version})`,
    `features  ${contract.columns.length} of ${contract.featureSet} ${contract.featureSetHash.slice(0, 12)}`,
    `data      ${data.rows} bars of ${data.symbol} ${formatTimeframe(data.widthMs)}, ${span}, ${data.sha256.slice(0, 12)}`,
    `held out  AUC ${heldOut.rocAucOvrWeighted.toFixed(4)}, lift ${signed(heldOut.lift)}, ${heldOut.rows} rows`,
    `price     ${cost?.words ?? 'not known'}`,
    `search    AUC ${crossValidation.rocAucOvrWeighted.toFixed(4)}, lift ${signed(crossValidation.lift)}`,
    ...manifest.notes.map((note) => `note      ${note}`),
  ]
}

function moveLines({ alias, version, kind, at, reason, override }: AliasMove): string[] {
  const verb = kind === 'rollback' ? 'rolled back to' : 'moved to'
  const against = override === undefined ? '' : `  OVERRIDE by ${override.by}: ${override.reason}`
  return [`${formatTime(at)}  ${alias} ${verb} ${version ?? 'nothing'}  ${reason}${against}`.trimEnd()]
}

/** The lift over the naive baseline, with its sign. */
function signed(lift: number): string {
  return `${lift < 0 ? '' : '+'}${lift.toFixed(4)}`
}

function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  $ bullpen models ${line}`)].join('\n')
}
