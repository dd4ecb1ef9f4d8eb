import type { LibraryHandle } from 'koffi'

/** A pointer that the library owns. */
export type Handle = bigint | object

/** A C out-parameter: a one-element array that the call fills. */
export type Out<T> = (T | null)[]

/** The C functions bullpen calls. Each but the first two returns 0, or -1 after leaving a message for `lastError`. */
export interface Symbols {
  version(major: Out<number>, minor: Out<number>, patch: Out<number>): void
  lastError(): string
  setGlobalConfig(json: string): number
  matrixFromDense(data: string, config: string, out: Out<Handle>): number
  matrixSetInfo(matrix: Handle, field: string, data: string): number
  matrixFree(matrix: Handle): number
  boosterCreate(matrices: readonly Handle[], count: number, out: Out<Handle>): number
  boosterSetParam(booster: Handle, name: string, value: string): number
  boosterUpdateOneIter(booster: Handle, round: number, matrix: Handle): number
  boosterPredict(
    booster: Handle,
    matrix: Handle,
    config: string,
    shape: Out<Handle>,
    dimensions: Out<number | bigint>,
    out: Out<Handle>,
  ): number
  boosterSlice(booster: Handle, begin: number, end: number, step: number, out: Out<Handle>): number
  boosterSave(booster: Handle, config: string, length: Out<number | bigint>, out: Out<Handle>): number
  boosterLoad(booster: Handle, text: Uint8Array, length: number): number
  boosterFree(booster: Handle): number
}

const prototypes: Readonly<Record<keyof Symbols, string>> = {
  version: 'void XGBoostVersion(_Out_ int*, _Out_ int*, _Out_ int*)',
  lastError: 'const char* XGBGetLastError()',
  setGlobalConfig: 'int XGBSetGlobalConfig(const char*)',
  matrixFromDense: 'int XGDMatrixCreateFromDense(const char*, const char*, _Out_ void**)',
  matrixSetInfo: 'int XGDMatrixSetInfoFromInterface(void*, const char*, const char*)',
  matrixFree: 'int XGDMatrixFree(void*)',
  boosterCreate: 'int XGBoosterCreate(void**, uint64_t, _Out_ void**)',
  boosterSetParam: 'int XGBoosterSetParam(void*, const char*, const char*)',
  boosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void*, int, void*)',
  boosterPredict:
    'int XGBoosterPredictFromDMatrix(void*, void*, const char*, _Out_ uint64_t**, _Out_ uint64_t*, _Out_ float**)',
  boosterSlice: 'int XGBoosterSlice(void*, int, int, int, _Out_ void**)',
  boosterSave: 'int XGBoosterSaveModelToBuffer(void*, const char*, _Out_ uint64_t*, _Out_ uint8_t**)',
  boosterLoad: 'int XGBoosterLoadModelFromBuffer(void*, const uint8_t*, uint64_t)',
  boosterFree: 'int XGBoosterFree(void*)',
}

/** Binds every function at once, so a library that lacks one is refused when it is loaded. */
export function bindSymbols(library: LibraryHandle): Symbols {
  const bound = Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype)] as const)
  return Object.fromEntries(bound) as unknown as Symbols
}
