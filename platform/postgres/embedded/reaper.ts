// Run detached by a process that exits without having closed its database: node reaper.js FOLDER PID.
// Waits for that process to be gone and stops the embedded server unless others use it.
import { setTimeout as delay } from 'node:timers/promises'
import { connectionName, EmbeddedLease } from './lease.ts'
import { identify } from '#platform/processes'

const [folder, pid] = process.argv.slice(2)
while (identify(Number(pid)) !== null) await delay(20)
const lease = await EmbeddedLease.join(folder!, connectionName())
await lease?.leave()
