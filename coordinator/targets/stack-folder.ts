import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { InventoryItem } from '#core/protocol'
import { RunningTerraform } from '#platform/terraform'

/** Where the stack of a cluster lies, below the cluster's folder. */
export function stackFolder(clusterFolder: string, stack: string): string {
  return join(clusterFolder, 'terraform', 'stacks', stack)
}

/** Whether a stack was made there. */
export function hasStack(folder: string): Promise<boolean> {
  return access(join(folder, 'cdk.tf.json')).then(
    () => true,
    () => false,
  )
}

/** Stacks that a cluster's folder holds, by name. */
export function stacksIn(clusterFolder: string): Promise<string[]> {
  return readdir(join(clusterFolder, 'terraform', 'stacks')).catch((): string[] => [])
}

/** State and lock of a stack, and a terraform at work on it. */
export async function stackItems(
  folder: string,
  of: Pick<InventoryItem, 'rental' | 'cluster' | 'place'>,
): Promise<InventoryItem[]> {
  const files = await readdir(folder).catch((): string[] => [])
  const running = await new RunningTerraform(folder).now()
  const lock = '.terraform.tfstate.lock.info'
  return [
    ...(running
      ? [{ ...of, what: 'state-lock' as const, detail: `pid ${running.pid} terraform ${running.command}` }]
      : []),
    ...(files.includes(lock) && !running ? [{ ...of, what: 'state-lock' as const, detail: join(folder, lock) }] : []),
    ...(files.includes('terraform.tfstate')
      ? [{ ...of, what: 'state' as const, detail: join(folder, 'terraform.tfstate') }]
      : []),
  ]
}
