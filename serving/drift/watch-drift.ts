import { BullpenError } from '#core/errors'
import type { ModelRegistry } from '#core/registry'
import { DriftMonitor, type DriftMonitorOptions, type DriftMonitorParts } from './drift-monitor.ts'

/** A monitor whose rollbacks move whichever of `aliases` points at the version, and only while it does. */
export function driftMonitorOf(
  {
    registry,
    aliases,
    ...parts
  }: Omit<DriftMonitorParts, 'rollBack'> & {
    readonly registry: Pick<ModelRegistry, 'aliases' | 'rollback'>
    readonly aliases: readonly string[]
  },
  options: DriftMonitorOptions,
): DriftMonitor {
  const rollBack = async (version: number, reason: string): Promise<void> => {
    const pointing = await registry.aliases()
    const alias = aliases.find((name) => pointing[name] === version)
    if (alias === undefined) {
      const [first = ''] = aliases
      throw new BullpenError('ALIAS_MOVED', { alias: first, version: pointing[first] ?? 0, from: version })
    }
    await registry.rollback(alias, reason, version)
  }
  return new DriftMonitor({ ...parts, rollBack }, options)
}
