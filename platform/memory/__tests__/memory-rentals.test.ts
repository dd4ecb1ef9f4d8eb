import { describeClusterStore, describeRentalLedger } from '#core/protocol/testing'
import { MemoryClusterStore, MemoryRentalLedger } from '#platform/memory'

const close = (): void => undefined

describeRentalLedger('MemoryRentalLedger', () => Promise.resolve({ ledger: new MemoryRentalLedger(), close }))
describeClusterStore('MemoryClusterStore', () => Promise.resolve({ store: new MemoryClusterStore(), close }))
