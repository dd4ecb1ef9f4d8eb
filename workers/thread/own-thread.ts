import { workerData } from 'node:worker_threads'
import { own } from '../tasks/own.ts'
import type { OwnThreadConfig } from '../thread-messages.ts'
import { OwnModules } from './own-modules.ts'
import { serveThread } from './serve-thread.ts'

/** What a pool thread of own tasks does with each request. */
export const run = serveThread({ own }, new OwnModules(workerData as OwnThreadConfig))
