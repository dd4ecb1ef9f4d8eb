import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compileFunction } from 'node:vm'

/** A pointer into the WebAssembly heap. */
export type Pointer = number

/** The part of the WebAssembly global used here; TypeScript declares it only together with the browser's own. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** What ml-xgboost's glue script offers and bullpen uses. The heap views are replaced whenever the heap grows. */
interface Glue {
  readonly HEAPU8: Uint8Array
  readonly HEAPF32: Float32Array
  _malloc(bytes: number): Pointer
  _free(pointer: Pointer): void
  _create_model(rowsOf: Pointer, labels: Pointer, rows: number, columns: number): Pointer
  _train_full_model(model: Pointer, rounds: number): void
  _predict_one(model: Pointer, row: Pointer, columns: number, into: Pointer): number
  _save_model(model: Pointer): number
  _get_file_content(into: Pointer, bytes: number): void
  _free_memory_model(model: Pointer): void
  cwrap(name: 'set_param', result: null, types: string[]): (model: Pointer, name: string, value: string) => void
}

const glueFile = createRequire(import.meta.url).resolve('ml-xgboost/dist/wasm/xgboost.js')
const packageFile = join(dirname(glueFile), '..', '..', 'package.json')

/**
 * One instance of ml-xgboost's WebAssembly, with its own heap, driven by heap pointers. The package's own class hands the
 * matrix over on the WebAssembly stack and dies at 8,200 rows of 245 columns.
 *
 * The glue script is compiled here instead of required: as shipped it compiles the WebAssembly asynchronously through
 * `fetch`, prints to the console, and adds a listener for uncaught exceptions. Given these hooks it is ready at once,
 * silent, and leaves the process alone. An instance takes about 25 ms.
 */
export class WasmLibrary {
  private static compiled: object | undefined
  private readonly glue: Glue
  private readonly setParameter: (model: Pointer, name: string, value: string) => void
  private lastLine = 'no message'

  constructor() {
    this.glue = instantiate((line) => (this.lastLine = line))
    this.setParameter = this.glue.cwrap('set_param', null, ['number', 'string', 'string'])
  }

  /** `ml-xgboost-` and the package's version; the XGBoost inside is of early 2018 and does not name its own. */
  static version(): string {
    const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
    return `ml-xgboost-${version}`
  }

  static module(): object {
    return (WasmLibrary.compiled ??= new WebAssembly.Module(readFileSync(join(dirname(glueFile), 'xgboost.wasm'))))
  }

  /** Bytes of heap this instance holds; a heap grows and never shrinks. */
  get heapBytes(): number {
    return this.glue.HEAPU8.length
  }

  /** The last line the library wrote: its own explanation when a call did not do what it should. */
  get lastMessage(): string {
    return this.lastLine
  }

  /** Runs `use` with room for `length` floats, which `fill` has written; the room is freed afterwards. */
  withFloats<T>(length: number, fill: (room: Float32Array) => void, use: (pointer: Pointer) => T): T {
    const pointer = this.allocate(length * Float32Array.BYTES_PER_ELEMENT)
    try {
      fill(this.glue.HEAPF32.subarray(pointer / 4, pointer / 4 + length))
      return use(pointer)
    } finally {
      this.glue._free(pointer)
    }
  }

  /** Copies rows and labels into a new model. The library takes the value -1 as missing and refuses NaN. */
  createModel(rowsOf: Pointer, labels: Pointer, rows: number, columns: number): Pointer {
    return this.glue._create_model(rowsOf, labels, rows, columns)
  }

  configure(model: Pointer, parameters: Readonly<Record<string, string | number>>): void {
    for (const [name, value] of Object.entries(parameters)) this.setParameter(model, name, String(value))
  }

  grow(model: Pointer, rounds: number): void {
    this.glue._train_full_model(model, rounds)
  }

  /** Probabilities of one row, `groups` of them; -1 is missing. The library knows no faster way. */
  predictRow(model: Pointer, row: Pointer, columns: number, groups: number): Float32Array {
    const into = this.allocate(groups * Float32Array.BYTES_PER_ELEMENT)
    this.glue._predict_one(model, row, columns, into)
    const probabilities = this.glue.HEAPF32.slice(into / 4, into / 4 + groups)
    this.glue._free(into)
    return probabilities
  }

  /** The model in the library's old binary format. */
  save(model: Pointer): Uint8Array {
    const length = this.glue._save_model(model)
    if (length <= 0) throw new Error(this.lastLine)
    const pointer = this.allocate(length)
    this.glue._get_file_content(pointer, length)
    const bytes = this.glue.HEAPU8.slice(pointer, pointer + length)
    this.glue._free(pointer)
    return bytes
  }

  free(model: Pointer): void {
    this.glue._free_memory_model(model)
  }

  private allocate(bytes: number): Pointer {
    const pointer = this.glue._malloc(bytes)
    if (pointer === 0) throw new Error(`the WebAssembly heap has no ${bytes} bytes left`)
    return pointer
  }
}

function instantiate(onLine: (line: string) => void): Glue {
  const hooks = {
    print: onLine,
    printErr: onLine,
    instantiateWasm(imports: object, receive: (instance: object) => void) {
      const instance = new WebAssembly.Instance(WasmLibrary.module(), imports)
      receive(instance)
      return instance.exports
    },
  }
  // The script opens with `Module = module.exports = {}`: assigning is the moment at which hooks can be added.
  let exported: object = {}
  const module = {
    get exports() {
      return exported
    },
    set exports(value: object) {
      exported = Object.assign(value, hooks)
    },
  }
  const quietProcess: unknown = Object.create(process, { on: { value: () => undefined }, argv: { value: ['', ''] } })
  const script = compileFunction(readFileSync(glueFile, 'utf8'), ['module', 'require', '__dirname', 'process'], {
    filename: glueFile,
  }) as (...values: unknown[]) => void
  script(module, createRequire(glueFile), dirname(glueFile), quietProcess)
  return exported as Glue
}
