import { describeFleet, describeTaskLedger } from '#core/protocol/testing'
import { MemoryFleet, MemoryRunStore, MemoryTaskLedger } from '#platform/memory'

const close = (): void => undefined

/** A clock that only the test moves. */
function handClock() {
  let now = 1_700_000_000_000
  const pass = (ms: number): void => {
    now += ms
  }
  return { clock: () => now, pass }
}

describeTaskLedger('MemoryTaskLedger', () => {
  const { clock, pass } = handClock()
  const runs = new MemoryRunStore()
  return Promise.resolve({ ledger: new MemoryTaskLedger({ clock, runs }), runs, pass, close })
})

describeFleet('MemoryFleet', () => {
  const { clock, pass } = handClock()
  return Promise.resolve({ fleet: new MemoryFleet(clock), pass, close })
})
