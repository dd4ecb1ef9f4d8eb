import { parentPort, workerData } from 'node:worker_threads'
import type { FitRequest } from '#core/model'
import { openBooster, type ResolvedEngine } from '#platform/xgboost'

const { resolved, request } = workerData as { resolved: ResolvedEngine; request: FitRequest }
const booster = await openBooster(resolved)
parentPort!.postMessage(booster.fit(request).json)
