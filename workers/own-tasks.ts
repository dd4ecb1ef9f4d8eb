import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BullpenError } from '#core/errors'
import { ownModuleName } from '#core/protocol'

/** The closed list of own tasks of one agent: nothing outside it is ever loaded, whatever a queue says. */
export interface OwnTasks {
  /** Where the list was read, for messages. */
  readonly file: string
  /** File URLs of ES modules by the name tasks use. */
  readonly modules: Readonly<Record<string, string>>
}

/**
 * Reads an operator's list: a JSON object of names and paths (relative to the list's folder). The modules themselves are
 * loaded by the threads of the pool, which refuses to open when one cannot be.
 *
 * @throws OWN_TASKS_INVALID that lists every problem
 */
export async function readOwnTasks(file: string): Promise<OwnTasks> {
  const path = resolve(file)
  const list = await readJson(path)
  if (typeof list !== 'object' || list === null || Array.isArray(list)) throw invalid(path, ['it is no JSON object'])
  return listOwnTasks(list as Record<string, unknown>, path)
}

/** The same for a list given by the program itself; paths are relative to the folder of `file`. */
export function listOwnTasks(list: Readonly<Record<string, unknown>>, file: string): OwnTasks {
  const problems: string[] = []
  const modules: [string, string][] = []
  for (const [name, target] of Object.entries(list)) {
    if (!new RegExp(ownModuleName).test(name)) problems.push(`${name} is no name (small letters, digits, . _ -)`)
    else if (typeof target !== 'string' || target === '') problems.push(`${name} has no path`)
    else modules.push([name, pathToFileURL(resolve(dirname(file), target)).href])
  }
  if (Object.keys(list).length === 0) problems.push('it names no task')
  if (problems.length > 0) throw invalid(file, problems)
  return { file, modules: Object.fromEntries(modules) }
}

/** OWN_TASKS_INVALID with every problem. */
export function invalid(file: string, problems: readonly string[]): BullpenError {
  return new BullpenError('OWN_TASKS_INVALID', { file, count: problems.length, problems: problems.join('; ') })
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown
  } catch (error) {
    throw invalid(path, [error instanceof Error ? error.message : String(error)])
  }
}
