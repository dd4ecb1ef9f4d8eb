import koffi from 'koffi'
import { BullpenError } from '#core/errors'
import { bindSymbols, type Handle, type Out, type Symbols } from './symbols.ts'

/**
 * The part of libxgboost's C API that bullpen calls, with array-interface JSON in place of the calls that 2.x and 3.x
 * deprecate (XGDMatrixCreateFromMat, XGDMatrixSetFloatInfo). The same symbols serve 1.7 to 3.x.
 * Each method throws FIT_FAILED with the library's own message. Synchronous: the message is kept per thread, and a
 * koffi async call would read another thread's.
 */
export class NativeLibrary {
  readonly path: string
  readonly version: string
  private readonly symbols: Symbols

  private constructor(path: string, symbols: Symbols, version: string) {
    this.path = path
    this.symbols = symbols
    this.version = version
  }

  /** Loads a file or a name that the system loader finds. Throws an Error that says why it cannot serve. */
  static load(path: string): NativeLibrary {
    const symbols = bindSymbols(koffi.load(path))
    const [major, minor, patch] = [[0], [0], [0]]
    symbols.version(major, minor, patch)
    const version = `${major[0]!}.${minor[0]!}.${patch[0]!}`
    if (major[0]! < 1 || (major[0] === 1 && minor[0]! < 7)) throw new Error(`version ${version} is older than 1.7`)
    return new NativeLibrary(path, symbols, version)
  }

  /** Warnings go to stderr from C, past any logger: off. The setting is per thread. */
  silence(): void {
    this.check(this.symbols.setGlobalConfig('{"verbosity":0}'))
  }

  /** Copies row-major float32 rows into the library; NaN is missing. */
  createMatrix(data: Float32Array, rows: number, columns: number): Handle {
    const out: Out<Handle> = [null]
    this.check(this.symbols.matrixFromDense(arrayInterface(data, [rows, columns]), '{"missing":NaN,"nthread":1}', out))
    return out[0]!
  }

  setMatrixInfo(matrix: Handle, field: 'label' | 'weight', values: Float32Array): void {
    this.check(this.symbols.matrixSetInfo(matrix, field, arrayInterface(values, [values.length])))
  }

  freeMatrix(matrix: Handle): void {
    this.check(this.symbols.matrixFree(matrix))
  }

  /** The matrices given here have their predictions cached, so predicting after each round costs one round's trees. */
  createBooster(cached: readonly Handle[]): Handle {
    const out: Out<Handle> = [null]
    this.check(this.symbols.boosterCreate(cached, cached.length, out))
    return out[0]!
  }

  configure(booster: Handle, parameters: Readonly<Record<string, string | number>>): void {
    for (const [name, value] of Object.entries(parameters)) {
      this.check(this.symbols.boosterSetParam(booster, name, String(value)))
    }
  }

  updateOneRound(booster: Handle, round: number, matrix: Handle): void {
    this.check(this.symbols.boosterUpdateOneIter(booster, round, matrix))
  }

  /** Margins, probabilities or SHAP contributions of every row of the matrix, copied out of the library's buffer. */
  predict(
    booster: Handle,
    matrix: Handle,
    kind: 'margin' | 'probability' | 'contributions',
    length: number,
  ): Float32Array {
    const shape: Out<Handle> = [null]
    const dimensions: Out<number | bigint> = [0]
    const out: Out<Handle> = [null]
    this.check(this.symbols.boosterPredict(booster, matrix, predictConfig[kind], shape, dimensions, out))
    return new Float32Array(koffi.view(out[0]!, length * Float32Array.BYTES_PER_ELEMENT)).slice()
  }

  /** A new booster of the first `rounds` rounds. */
  slice(booster: Handle, rounds: number): Handle {
    const out: Out<Handle> = [null]
    this.check(this.symbols.boosterSlice(booster, 0, rounds, 1, out))
    return out[0]!
  }

  toJson(booster: Handle): string {
    const length = [0]
    const out: Out<Handle> = [null]
    this.check(this.symbols.boosterSave(booster, '{"format":"json"}', length, out))
    return Buffer.from(koffi.view(out[0]!, Number(length[0]))).toString('utf8')
  }

  /** Gives a new booster the trees of a JSON model. */
  loadJson(booster: Handle, json: string): void {
    const text = Buffer.from(json)
    this.check(this.symbols.boosterLoad(booster, text, text.length))
  }

  freeBooster(booster: Handle): void {
    this.check(this.symbols.boosterFree(booster))
  }

  private check(status: number): void {
    if (status === 0) return
    const reason = firstLine(this.symbols.lastError())
    throw new BullpenError('FIT_FAILED', { name: 'native', reason })
  }
}

const allRounds = { training: false, iteration_begin: 0, iteration_end: 0, strict_shape: false }
const predictConfig = {
  margin: JSON.stringify({ type: 1, ...allRounds }),
  probability: JSON.stringify({ type: 0, ...allRounds }),
  contributions: JSON.stringify({ type: 2, ...allRounds }),
}

/** NumPy's __array_interface__ protocol, version 3, of memory that the library reads during the call only. */
function arrayInterface(values: Float32Array, shape: readonly number[]): string {
  return JSON.stringify({ data: [Number(koffi.address(values)), true], shape, typestr: '<f4', version: 3 })
}

/** The library's messages open with a time and a source position and go on with a stack trace. */
function firstLine(message: string): string {
  const lines = message.split('\n').map((line) => line.trim())
  return (lines.find((line) => line !== '') ?? 'no message').replace(/^\[\d\d:\d\d:\d\d\] \S+:\d+: /, '')
}
