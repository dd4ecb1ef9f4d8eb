/** Where machines are rented: processes here, hosts reached by ssh, or a cloud. */
export const targetNames = ['local', 'ssh', 'aws', 'yandex'] as const

/** One of {@link targetNames}. */
export type TargetName = (typeof targetNames)[number]

/** What a rented thing is for. A guard tears a cluster down when nobody else does. */
export type RentalKind = 'redis' | 'worker' | 'guard'

/** Money for one hour of one rented thing. */
export interface HourlyPrice {
  readonly perHour: number
  /** Three capital letters, such as USD. */
  readonly currency: string
}

/** A thing that will be rented, before it exists. */
export interface PlannedRental {
  /** Unique in its cluster: `redis`, `worker-1`, `guard`. */
  readonly name: string
  readonly kind: RentalKind
  /** Host or instance it will run on, as far as known before it exists; '' otherwise. */
  readonly place: string
  readonly price: HourlyPrice | null
}

/** A thing that is or was rented. Times are milliseconds since the epoch. */
export interface Rental extends PlannedRental {
  /** `<cluster>/<name>#<n>`, n counting the times this name was rented; never used twice. */
  readonly id: string
  readonly cluster: string
  readonly target: TargetName
  readonly bookedAt: number
  /** When it was seen to exist; null before. */
  readonly startedAt: number | null
  /** It ends itself at this time unless its term is renewed. */
  readonly endsAt: number
  readonly endedAt: number | null
  readonly endedBecause: string | null
  /** The run it worked for last; null before any. */
  readonly runId: string | null
}

/**
 * Every rented thing, written down before it exists: the truth that `bullpen leaks` compares with what is really there.
 * Times are the caller's; every write is idempotent.
 */
export interface RentalLedger {
  /** Books things that are about to be rented, all or none, each open until `endsAt`. Names already open are kept as they are. */
  book(
    cluster: string,
    target: TargetName,
    planned: readonly PlannedRental[],
    at: { readonly now: number; readonly endsAt: number },
  ): Promise<readonly Rental[]>
  /** It exists, and where. Of an ended rental: nothing happens, false. */
  started(id: string, place: string, now: number): Promise<boolean>
  /** Moves the end of every open rental of the cluster that has not lapsed; true when none had lapsed. Never to an earlier time. */
  renew(cluster: string, at: { readonly now: number; readonly endsAt: number }): Promise<boolean>
  /** From now on the cluster's open rentals work for this run. */
  assign(cluster: string, runId: string): Promise<void>
  /** It is gone. The first reason stays. */
  ended(id: string, because: string, now: number): Promise<void>
  rental(id: string): Promise<Rental | undefined>
  /** Newest first. */
  list(which: RentalQuery): Promise<readonly Rental[]>
}

/** Which rentals; every given condition must hold. */
export interface RentalQuery {
  readonly cluster?: string
  readonly target?: TargetName
  readonly runId?: string
  /** True: not ended. False: ended. */
  readonly open?: boolean
}
