import { BullpenError } from '#core/errors'
import type { Booster } from '#core/model'
import type { LibrarySearch, LibrarySearchResult } from './native/find-library.ts'

// Each engine is imported when it is asked for: koffi has no build for some platforms, and wasm must run there.

/** What a user may ask for. */
export const engineChoices = ['auto', 'native', 'wasm'] as const

/** The engine that a run uses; plain data, so that it reaches pool threads and other processes as it is. */
export interface ResolvedEngine {
  readonly engine: { readonly name: Booster['engine']; readonly version: string }
  /** One line for the user: which engine, and how to get the faster one. */
  readonly note: string
  /** What the system loader is given, for `native`. */
  readonly libraryPath?: string
}

/**
 * Settles which engine a run uses, once, before its threads start. `auto` is `native` where libxgboost is found, else
 * `wasm`. Throws UNKNOWN_NAME for a choice that does not exist and ENGINE_UNAVAILABLE when `native`, or the explicit
 * library path of any choice but `wasm`, cannot be used.
 */
export async function resolveEngine(choice: string, search: LibrarySearch = {}): Promise<ResolvedEngine> {
  if (choice === 'wasm') return wasmEngine('as asked; the native engine is several times faster')
  if (choice !== 'auto' && choice !== 'native') {
    throw new BullpenError('UNKNOWN_NAME', { kind: 'engine', name: choice, known: engineChoices.join(', ') })
  }
  const { library, refused } = await searchLibrary(search)
  if (library !== undefined) {
    return {
      engine: { name: 'native', version: library.version },
      note: `XGBoost ${library.version}, native (${library.path})`,
      libraryPath: library.path,
    }
  }
  const reason = ['libxgboost 1.7 or newer was not found', ...refused].join('; ')
  if (choice === 'native') throw new BullpenError('ENGINE_UNAVAILABLE', { name: 'native', reason })
  return wasmEngine(
    `${reason}; installing it (Debian: apt-get install libxgboost0) makes training several times faster`,
  )
}

/** The booster of one thread; each thread opens its own. Throws ENGINE_UNAVAILABLE. */
export async function openBooster({ engine, libraryPath }: ResolvedEngine): Promise<Booster> {
  if (engine.name === 'wasm') return openWasm()
  try {
    if (libraryPath === undefined) throw new Error('no library path was resolved')
    const { NativeBooster } = await import('./native/native-booster.ts')
    return NativeBooster.open(libraryPath)
  } catch (cause) {
    throw unavailable('native', `${libraryPath ?? ''}: ${reasonOf(cause)}`, cause)
  }
}

async function searchLibrary(search: LibrarySearch): Promise<LibrarySearchResult> {
  try {
    const { findLibrary } = await import('./native/find-library.ts')
    return findLibrary(search)
  } catch (cause) {
    if (cause instanceof BullpenError) throw cause
    return { refused: [`koffi: ${reasonOf(cause)}`] }
  }
}

/** Opens the booster once, so that a machine where WebAssembly cannot run says so before the run starts. */
async function wasmEngine(why: string): Promise<ResolvedEngine> {
  const { version } = await openWasm()
  return { engine: { name: 'wasm', version }, note: `XGBoost in WebAssembly (${version}): ${why}` }
}

async function openWasm(): Promise<Booster> {
  try {
    const { WasmBooster } = await import('./wasm/wasm-booster.ts')
    return new WasmBooster()
  } catch (cause) {
    throw unavailable('wasm', reasonOf(cause), cause)
  }
}

function unavailable(name: string, reason: string, cause: unknown): BullpenError {
  return new BullpenError('ENGINE_UNAVAILABLE', { name, reason }, { cause })
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
