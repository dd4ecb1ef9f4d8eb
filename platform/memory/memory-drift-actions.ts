import type { DriftAction, DriftActions, Reinstatement } from '#core/registry'

/** Consequences of drift that live as long as the object. */
export class MemoryDriftActions implements DriftActions {
  /** In the order they were recorded. */
  #actions: readonly DriftAction[] = []
  readonly #settled = new Set<DriftAction>()

  record(action: DriftAction): Promise<boolean> {
    const { kind, version, symbol, widthMs } = action
    const known = this.#actions.some(
      (other) =>
        other.kind === kind &&
        other.version === version &&
        other.symbol === symbol &&
        other.widthMs === widthMs &&
        !other.reinstated,
    )
    if (!known) this.#actions = [...this.#actions, { ...action }]
    return Promise.resolve(!known)
  }

  of(version: number): Promise<readonly DriftAction[]> {
    return Promise.resolve(this.#actions.filter((action) => action.version === version))
  }

  reinstate(version: number, reinstatement: Reinstatement): Promise<number> {
    const isOpen = (action: DriftAction) =>
      action.kind === 'hold-only' && action.version === version && !action.reinstated
    const count = this.#actions.filter(isOpen).length
    this.#actions = this.#actions.map((action) =>
      isOpen(action) ? { ...action, reinstated: { ...reinstatement } } : action,
    )
    return Promise.resolve(count)
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
    return this.#actions.filter((action) => action.kind === 'retrain-wanted' && !this.#settled.has(action))
  }
}
