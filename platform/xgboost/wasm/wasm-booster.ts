import { BullpenError } from '#core/errors'
import type { Booster } from '#core/model'

export const WasmBooster = {
  open(): Promise<Booster> {
    return Promise.reject(new BullpenError('ENGINE_UNAVAILABLE', { name: 'wasm', reason: 'it is not built yet' }))
  },
}
