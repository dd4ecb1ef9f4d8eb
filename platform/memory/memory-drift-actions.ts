import type { DriftAction, DriftActions } from '#core/registry'

/** Consequences of drift that live as long as the object. */
export class MemoryDriftActions implements DriftActions {
  readonly #actions = new Map<string, DriftAction>()
  readonly #settled = new Set<DriftAction>()

  record(action: DriftAction): Promise<boolean> {
    const { kind, version, symbol, widthMs } = action
    const key = JSON.stringify([kind, version, symbol, widthMs])
    if (this.#actions.has(key)) return Promise.resolve(false)
    this.#actions.set(key, { ...action })
    return Promise.resolve(true)
  }

  of(version: number): Promise<readonly DriftAction[]> {
    return Promise.resolve([...this.#actions.values()].filter((action) => action.version === version))
  }

  retrainWanted(): Promise<readonly DriftAction[]> {
    return Promise.resolve(this.#open())
  }

  settleRetrain({ symbol, widthMs }: { symbol: string; widthMs: number }, at: number): Promise<number> {
    const answered = this.#open().filter(
      (action) => action.symbol === symbol && action.widthMs === widthMs && action.at <= at,
    )
    for (const action of answered) this.#settled.add(action)
    return Promise.resolve(answered.length)
  }

  #open(): DriftAction[] {
    return [...this.#actions.values()].filter(
      (action) => action.kind === 'retrain-wanted' && !this.#settled.has(action),
    )
  }
}
