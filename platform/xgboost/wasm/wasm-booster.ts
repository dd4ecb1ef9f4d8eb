import { performance } from 'node:perf_hooks'
import { BullpenError } from '#core/errors'
import { Forest, type Booster, type FitRequest, type FittedModel } from '#core/model'
import { checkRequest } from '../fit-request.ts'
import { libraryParameters } from '../parameters.ts'
import { growAll, groupsOf } from '../training.ts'
import { decodeThreshold, encodeMissing } from './missing.ts'
import { readOldModel, type OldModel } from './old-model.ts'
import { toXgboostJson } from './to-json.ts'
import { WasmLibrary, type Pointer } from './wasm-library.ts'

/**
 * A WebAssembly heap never shrinks, and `hist` of that time keeps a histogram of every node: 243 columns of 256 bins take
 * 0.5 GiB at depth 6, 1 GiB at depth 8 and 2 GiB, all there is, at depth 10. A heap above this is given up after the fit;
 * the next instance costs 25 ms.
 */
const keptHeapBytes = 512 * 2 ** 20

/**
 * XGBoost in WebAssembly: needs nothing installed, several times slower than the library. Row weights are not among the
 * calls ml-xgboost exports, so a request with weights is refused.
 */
export class WasmBooster implements Booster {
  readonly engine = 'wasm'
  readonly version = WasmLibrary.version()
  private library: WasmLibrary | undefined = new WasmLibrary()

  /** Bytes of WebAssembly heap held; stays for the next fit. */
  get heapBytes(): number {
    return this.library?.heapBytes ?? 0
  }

  fit(request: FitRequest): FittedModel {
    checkRequest(this.engine, request)
    if (request.weights) throw failure('row weights need the native engine')
    const started = performance.now()
    const library = (this.library ??= new WasmLibrary())
    try {
      const model = createModel(library, request)
      const grown = growAll(new WasmTraining(library, model, request), request)
      library.free(model)
      if (library.heapBytes > keptHeapBytes) this.library = undefined
      return { ...grown, fitMs: performance.now() - started }
    } catch (error) {
      // An abort inside WebAssembly leaves its heap in an unknown state: the next fit gets a new instance.
      this.library = undefined
      if (error instanceof BullpenError) throw error
      throw failure(`${firstLine(error)}; last message: ${library.lastMessage}`, error)
    }
  }
}

class WasmTraining {
  private readonly library: WasmLibrary
  private readonly model: Pointer
  private readonly request: FitRequest
  private grown = 0
  private treesSeen = 0
  private margins: Float64Array | undefined

  constructor(library: WasmLibrary, model: Pointer, request: FitRequest) {
    this.library = library
    this.model = model
    this.request = request
  }

  grow(round: number): void {
    this.library.grow(this.model, 1)
    this.grown = round + 1
  }

  /** ml-xgboost predicts one row a call, so the new trees are read and evaluated here, added to those before. */
  evaluationMargins(): Float64Array {
    const { matrix, parameters, earlyStopping } = this.request
    const groups = groupsOf(parameters)
    const forest = toForest(this.read(this.treesSeen), groups)
    this.treesSeen += forest.trees
    const rows = earlyStopping!.evaluationRows
    this.margins ??= Float64Array.from({ length: rows.length * groups }, (_, i) => forest.baseMargins[i % groups]!)
    forest.addTrees(
      Int32Array.from({ length: forest.trees }, (_, i) => i),
      matrix,
      rows,
      undefined,
      this.margins,
    )
    return this.margins.slice()
  }

  toJson(rounds: number): string {
    const model = this.read(0)
    return toXgboostJson({ ...model, trees: model.trees.slice(0, rounds * groupsOf(this.request.parameters)) })
  }

  /** The package drops the library's errors; a model with fewer trees than rounds is how one shows. */
  private read(fromTree: number): OldModel {
    const model = readOldModel(this.library.save(this.model), fromTree)
    const expected = this.grown * groupsOf(this.request.parameters)
    if (fromTree + model.trees.length !== expected) {
      throw failure(`${fromTree + model.trees.length} of ${expected} trees grew; ${this.library.lastMessage}`)
    }
    const decode = (value: number, left: number) => (left === -1 ? value : decodeThreshold(value))
    const trees = model.trees.map((tree) => ({
      ...tree,
      value: Array.from(tree.value, (value, node) => decode(value, tree.left[node]!)),
    }))
    return { ...model, trees }
  }
}

function createModel(library: WasmLibrary, request: FitRequest): Pointer {
  const { matrix, labels, rows, parameters } = request
  const { columns, data } = matrix
  const count = rows?.length ?? matrix.rows
  const rowAt = (i: number) => rows?.[i] ?? i
  const fillRows = (room: Float32Array) => {
    if (rows)
      rows.forEach((row, i) => {
        room.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
      })
    else room.set(data)
    const infinite = encodeMissing(room)
    if (infinite >= 0) {
      const row = rowAt(Math.floor(infinite / columns))
      throw failure(`column ${infinite % columns} of row ${row} is infinite`)
    }
  }
  const fillLabels = (room: Float32Array) => {
    for (let i = 0; i < count; i++) room[i] = labels[rowAt(i)]!
  }
  const model = library.withFloats(count * columns, fillRows, (rowsOf) =>
    library.withFloats(count, fillLabels, (labelsOf) => library.createModel(rowsOf, labelsOf, count, columns)),
  )
  library.configure(model, { ...libraryParameters(parameters), silent: 1 })
  return model
}

function toForest(model: OldModel, groups: number): Forest {
  const objective = groups === 1 ? 'binary:logistic' : 'multi:softprob'
  return new Forest({ ...model, objective, groups, baseMargins: new Float64Array(groups).fill(model.baseMargin) })
}

function failure(reason: string, cause?: unknown): BullpenError {
  return new BullpenError('FIT_FAILED', { name: 'wasm', reason }, { cause })
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
