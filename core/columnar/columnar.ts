import { BullpenError } from '#core/errors'

/** Arrays a column file can hold. */
export type ColumnArray = Float64Array | Float32Array | Int32Array | Uint32Array | Int8Array | Uint8Array

/** Named typed arrays and a little JSON: how data sets travel between processes and lie in the object store. */
export interface ColumnFile {
  readonly meta: Readonly<Record<string, unknown>>
  readonly arrays: Readonly<Record<string, ColumnArray>>
}

const magic = 'BPC1'
const types = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array, i8: Int8Array, u8: Uint8Array }
type TypeName = keyof typeof types

interface Header {
  readonly meta: Record<string, unknown>
  readonly arrays: readonly { name: string; type: TypeName; length: number; offset: number }[]
}

/**
 * Bytes of a column file: `BPC1`, header length (u32 LE), header JSON, then each array at an offset that is a multiple
 * of 8. Little-endian, deterministic: equal content gives equal bytes, so its SHA-256 names the data.
 */
export function encodeColumns(file: ColumnFile): Uint8Array {
  const entries = Object.entries(file.arrays).sort(([a], [b]) => (a < b ? -1 : 1))
  let offset = 0
  const arrays = entries.map(([name, array]) => {
    const entry = { name, type: typeName(array), length: array.length, offset }
    offset = align(offset + array.byteLength)
    return entry
  })
  const header = new TextEncoder().encode(JSON.stringify({ meta: file.meta, arrays } satisfies Header))
  const start = align(8 + header.length)
  const bytes = new Uint8Array(start + offset)
  bytes.set(new TextEncoder().encode(magic))
  new DataView(bytes.buffer).setUint32(4, header.length, true)
  bytes.set(header, 8)
  entries.forEach(([, array], i) => {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + arrays[i]!.offset)
  })
  return bytes
}

/**
 * Views onto the bytes, no copy: give it a Uint8Array over a SharedArrayBuffer and every thread reads one memory.
 * `bytes.byteOffset` must be a multiple of 8. Throws DATA_SET_INVALID.
 */
export function decodeColumns(bytes: Uint8Array): ColumnFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 8 || new TextDecoder().decode(bytes.slice(0, 4)) !== magic) {
    throw new BullpenError('DATA_SET_INVALID', { reason: 'it does not start with BPC1' })
  }
  const headerLength = view.getUint32(4, true)
  const start = align(8 + headerLength)
  if (start > bytes.length) throw new BullpenError('DATA_SET_INVALID', { reason: 'it is truncated' })
  const header = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + headerLength))) as Header
  const arrays: Record<string, ColumnArray> = {}
  for (const { name, type, length, offset } of header.arrays) {
    const make = types[type]
    if (start + offset + length * make.BYTES_PER_ELEMENT > bytes.length) {
      throw new BullpenError('DATA_SET_INVALID', { reason: `array ${name} is truncated` })
    }
    arrays[name] = new make(bytes.buffer as ArrayBuffer, bytes.byteOffset + start + offset, length)
  }
  return { meta: header.meta, arrays }
}

function typeName(array: ColumnArray): TypeName {
  const found = (Object.keys(types) as TypeName[]).find((name) => types[name].name === array.constructor.name)
  if (!found) throw new BullpenError('DATA_SET_INVALID', { reason: `arrays of ${array.constructor.name} are not held` })
  return found
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8
}
