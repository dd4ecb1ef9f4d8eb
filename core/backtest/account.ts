import { fundingShare, type Costs } from './costs.ts'

/** One position from entry to exit. */
export interface Trade {
  /** Rows whose bar holds the entry and the exit. */
  readonly entryRow: number
  readonly exitRow: number
  /** -1 short, 1 long. */
  readonly direction: number
  /** Equity after the exit over equity before the entry, less 1: every cost included. */
  readonly profit: number
}

/** What an account has done; money in units of the equity it began with. */
export interface AccountStatement {
  readonly trades: readonly Trade[]
  /** Notional traded over equity at the time, summed over every purchase and sale: 2 a full round trip. */
  readonly turnover: number
  readonly paid: { readonly fees: number; readonly slippage: number; readonly funding: number }
}

/**
 * Cash and a quantity of one asset, which begins as cash worth 1. A full long spends all cash, fee included, and never
 * borrows; a full short sells as much as the account is worth. A turn from long to short is an exit and an entry.
 */
export class Account {
  private readonly costs: Costs
  private readonly fee: number
  private readonly slippage: number
  private cash = 1
  private quantity = 0
  private target = 0
  private entry: { readonly row: number; readonly equity: number; readonly direction: number } | undefined
  private readonly trades: Trade[] = []
  private turnover = 0
  private readonly paid = { fees: 0, slippage: 0, funding: 0 }

  constructor(costs: Costs) {
    this.costs = costs
    this.fee = costs.feeBps / 1e4
    this.slippage = costs.slippageBps / 1e4
  }

  /** -1 short, 0 flat, 1 long. */
  get direction(): number {
    return Math.sign(this.quantity)
  }

  /** Meets a target, a share of equity in [-1, 1], at this price; nothing when it is the one already met. */
  rebalance(row: number, price: number, target: number): void {
    if (target === this.target) return
    if (this.cash + this.quantity * price <= 0) {
      this.ruin(row)
      return
    }
    if (this.quantity !== 0 && Math.sign(target) !== this.direction) this.closeOut(row, price)
    this.target = target
    const equity = this.cash + this.quantity * price
    if (target === 0 || equity <= 0) return
    this.entry ??= { row, equity, direction: Math.sign(target) }
    // What one unit costs to buy, so that a full long spends the cash there is and no more.
    const unit = target > 0 ? price * (1 + this.slippage) * (1 + this.fee) : price
    this.exchange((target * equity) / unit - this.quantity, price)
  }

  /** Takes funding for `elapsedMs` and answers what the account is worth at this price. */
  mark(row: number, price: number, elapsedMs: number): number {
    if (this.quantity !== 0) {
      const funding = Math.abs(this.quantity) * price * fundingShare(this.costs, this.direction, elapsedMs)
      this.cash -= funding
      this.paid.funding += funding
    }
    if (this.cash + this.quantity * price <= 0) this.ruin(row)
    return this.cash + this.quantity * price
  }

  /** Sells what is held, or buys back what was sold, at this price; answers what the account is worth then. */
  closeOut(row: number, price: number): number {
    if (this.quantity === 0) return this.cash
    this.exchange(-this.quantity, price)
    this.quantity = 0
    this.target = 0
    this.cash = Math.max(0, this.cash)
    this.recordExit(row)
    return this.cash
  }

  statement(): AccountStatement {
    return { trades: this.trades, turnover: this.turnover, paid: this.paid }
  }

  private exchange(quantity: number, price: number): void {
    const notional = Math.abs(quantity) * price
    this.turnover += notional / (this.cash + this.quantity * price)
    const filled = price * (1 + Math.sign(quantity) * this.slippage)
    const fee = Math.abs(quantity) * filled * this.fee
    this.cash -= quantity * filled + fee
    this.quantity += quantity
    this.paid.fees += fee
    this.paid.slippage += notional * this.slippage
  }

  private ruin(row: number): void {
    this.cash = 0
    this.quantity = 0
    this.recordExit(row)
  }

  private recordExit(row: number): void {
    if (this.entry === undefined) return
    const { row: entryRow, equity, direction } = this.entry
    this.trades.push({ entryRow, exitRow: row, direction, profit: this.cash / equity - 1 })
    this.entry = undefined
  }
}
