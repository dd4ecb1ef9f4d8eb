import type { Booster } from '#core/model'
import { BullpenError } from '#core/errors'
import { findLibrary, type LibrarySearch } from './native/find-library.ts'
import { NativeLibrary } from './native/library.ts'
import { NativeBooster } from './native/native-booster.ts'
import { WasmBooster } from './wasm/wasm-booster.ts'

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
  if (choice === 'wasm') return wasmEngine('as asked; --engine native is several times faster where libxgboost is')
  if (choice !== 'auto' && choice !== 'native') {
    throw new BullpenError('UNKNOWN_NAME', { kind: 'engine', name: choice, known: engineChoices.join(', ') })
  }
  const { library, refused } = findLibrary(search)
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

/** The booster of one thread. Each thread opens its own. Throws ENGINE_UNAVAILABLE. */
export async function openBooster(resolved: ResolvedEngine): Promise<Booster> {
  if (resolved.engine.name === 'wasm') return WasmBooster.open()
  return new NativeBooster(loadResolved(resolved))
}

function loadResolved({ engine, libraryPath }: ResolvedEngine): NativeLibrary {
  if (libraryPath === undefined) {
    throw new BullpenError('ENGINE_UNAVAILABLE', { name: engine.name, reason: 'no library path was resolved' })
  }
  try {
    return NativeLibrary.load(libraryPath)
  } catch (cause) {
    const reason = `${libraryPath}: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new BullpenError('ENGINE_UNAVAILABLE', { name: engine.name, reason }, { cause })
  }
}

/** Opens the booster once, so that a machine where WebAssembly cannot run says so before the run starts. */
async function wasmEngine(why: string): Promise<ResolvedEngine> {
  const { version } = await WasmBooster.open()
  return { engine: { name: 'wasm', version }, note: `XGBoost ${version}, WebAssembly: ${why}` }
}
