import type { FallBack, HourlyPrice, InventoryItem } from '#core/protocol'

/** What a cluster of a cloud is made of: a group has one rental, for its hosts come and go. */
export const rentedNames = ['redis', 'workers'] as const

/** What one cloud does in its own way; CloudTarget does the rest. */
export interface Cloud {
  readonly name: 'aws' | 'yandex'
  /** Hosts, groups, locks and states, of one cluster or all, groups first: a host ended before its group comes back. */
  inventory(cluster?: string): Promise<readonly InventoryItem[]>
  /** Ends a host or a group, or removes a lock or a state. One that is gone is as good as ended. */
  end(item: InventoryItem): Promise<void>
  /** Moves the end that the cloud itself will make. */
  renewed(cluster: string, endsAt: number): Promise<void>
  /** The value of a secret of its store. */
  secret(name: string): Promise<string>
}

/** What clouds need of the room that holds the stacks. All throw USAGE for inputs that do not hold, and TOOL_MISSING. */
export interface CloudInfra {
  /** Checks inputs; the most that an hour of Redis and of all workers can cost, null where it is not known. */
  prices(cloud: Cloud['name'], inputs: unknown): Promise<Record<(typeof rentedNames)[number], HourlyPrice | null>>
  /** Writes the cluster stack below `outdir`; answers the folder of it. */
  synth(cloud: Cloud['name'], inputs: unknown, outdir: string): Promise<string>
  /** How the stack takes so many missing workers on demand, below the price that its inputs allow. */
  onDemand(cloud: Cloud['name'], inputs: unknown, missing: number): Promise<OnDemandInputs>
}

/** Inputs that change, and what that means in words. */
export interface OnDemandInputs extends FallBack {
  readonly changed: Readonly<Record<string, unknown>>
}

/** The terraform of one stack, as `#platform/terraform` has it. */
export interface StackRunner {
  init(signal: AbortSignal): Promise<void>
  apply(signal: AbortSignal): Promise<void>
  destroy(signal: AbortSignal, options: { readonly breakLock: boolean }): Promise<void>
  output(signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>
  readonly running: { end(times: { readonly graceMs: number; readonly patienceMs: number }): Promise<unknown> }
}
