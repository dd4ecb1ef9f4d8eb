import type { DriftPolicy } from '../drift/index.ts'

/** What `bullpen serve` is asked for. */
export interface ServeOptions {
  readonly port: number
  readonly host: string
  /** Sources whose candles are put into the store before anything is answered. */
  readonly candles: readonly string[]
  /** What to call the series of a file. */
  readonly symbol?: string
  readonly timeframe?: string
  /** Aliases whose models answer; the first is the one that promotion over HTTP moves. */
  readonly aliases: readonly string[]
  /** Undefined: only when `host` is this machine itself. */
  readonly anonymousRead?: boolean
  /** Undefined: unless candles come from a recording. */
  readonly requireFresh?: boolean
  readonly corsOrigins: readonly string[]
  /** 0: no limit. */
  readonly ratePerMinute: number
  /** Exchange that is asked for new candles, e.g. `binance`. */
  readonly exchange?: string
  /** What adverse drift leads to; `watch` unless given. */
  readonly driftPolicy?: DriftPolicy
  /** Whether confirmed drift asks for a retraining; it does unless this is false. */
  readonly driftRetrain?: boolean
  /** How long /ready says no before connections are closed, ms. */
  readonly noticeMs: number
}

export const serveDefaults = {
  port: 8080,
  host: '127.0.0.1',
  aliases: ['champion'],
  ratePerMinute: 6000,
  noticeMs: 1000,
} as const

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
