import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from '@jest/globals'
import { Forest, type Booster, type FitRequest } from '#core/model'
import { openBooster, resolveEngine, type ResolvedEngine } from '#platform/xgboost'
import { findLibrary } from '../native/find-library.ts'
import { rowRange, sampleRequest } from './sample.ts'

const search = { explicitPath: process.env.XGBOOST_LIBRARY }
const nativeFound = findLibrary(search).library !== undefined
const engines: readonly Booster['engine'][] = ['native', 'wasm']

describe.each(engines)('the %s booster', (name) => {
  const run = name === 'wasm' || nativeFound ? test : test.skip
  const withBooster = (fact: string, check: (booster: Booster, resolved: ResolvedEngine) => void | Promise<void>) => {
    run(nativeFound || name === 'wasm' ? fact : `${fact} (libxgboost is not installed)`, async () => {
      const resolved = await resolveEngine(name, search)
      await check(await openBooster(resolved), resolved)
    })
  }

  withBooster('learns what the labels follow from', (booster) => {
    const request = sampleRequest(2_000, 6, { rounds: 10 })
    const forest = Forest.fromXgboostJson(booster.fit(request).json)
    const gain = forest.gain()
    expect(accuracy(forest, request)).toBeGreaterThan(0.7)
    expect(Math.min(gain[0]!, gain[1]!)).toBeGreaterThan(Math.max(...gain.slice(2)))
  })

  withBooster('gives the same bytes for the same request, in this thread and in others', async (booster, resolved) => {
    const request = { ...sampleRequest(600, 6), rows: rowRange(100, 500) }
    const { json } = booster.fit(request)
    expect(booster.fit(request).json).toBe(json)
    const elsewhere = await Promise.all([fitInThread(resolved, request), fitInThread(resolved, request)])
    expect(elsewhere).toEqual([json, json])
    expect(booster.fit(sampleRequest(600, 6, { seed: 8 })).json).not.toBe(json)
  })

  withBooster('fits the rows asked for and no others, and leaves the matrix as it was', (booster) => {
    const whole = sampleRequest(600, 6)
    const before = whole.matrix.data.slice()
    const part = booster.fit({ ...whole, rows: rowRange(200, 600) })
    expect(whole.matrix.data).toEqual(before)
    const alone = {
      ...whole,
      matrix: { rows: 400, columns: 6, data: before.slice(200 * 6) },
      labels: whole.labels.slice(200),
    }
    expect(booster.fit(alone).json).toBe(part.json)
  })

  withBooster('keeps the best round when it stops early', (booster) => {
    const request = sampleRequest(400, 6, { rounds: 60, learningRate: 0.9, maxDepth: 6 })
    const rows = rowRange(0, 250)
    const evaluationRows = rowRange(250, 400)
    const kept = booster.fit({ ...request, rows, earlyStopping: { evaluationRows, patience: 4 } })
    expect(kept.rounds).toBeLessThan(20)
    const losses = Array.from({ length: kept.rounds + 4 }, (_, i) => {
      const parameters = { ...request.parameters, rounds: i + 1 }
      return logLoss(
        Forest.fromXgboostJson(booster.fit({ ...request, rows, parameters }).json),
        request,
        evaluationRows,
      )
    })
    expect(losses.indexOf(Math.min(...losses)) + 1).toBe(kept.rounds)
    const parameters = { ...request.parameters, rounds: kept.rounds }
    expect(booster.fit({ ...request, rows, parameters }).json).toBe(kept.json)
  })

  withBooster('takes every parameter to heart', (booster) => {
    const base = booster.fit(sampleRequest(500, 6, { subsample: 1, colsampleByTree: 1 })).json
    const changes = {
      rounds: 5,
      learningRate: 0.1,
      maxDepth: 2,
      minChildWeight: 20,
      subsample: 0.5,
      colsampleByTree: 0.5,
      gamma: 3,
      lambda: 50,
      alpha: 5,
      maxBin: 4,
    }
    for (const [key, value] of Object.entries(changes)) {
      const changed = sampleRequest(500, 6, { subsample: 1, colsampleByTree: 1, [key]: value })
      expect([key, booster.fit(changed).json === base]).toEqual([key, false])
    }
  })

  withBooster('gives binary models one group, the probability of class 1', (booster) => {
    const request = sampleRequest(2_000, 6, { objective: 'binary:logistic' })
    const forest = Forest.fromXgboostJson(booster.fit(request).json)
    expect(forest.groups).toBe(1)
    const p = forest.probabilities(request.matrix)
    const mean = (label: number) => {
      const chosen = p.filter((_, row) => request.labels[row] === label)
      return chosen.reduce((sum, value) => sum + value, 0) / chosen.length
    }
    expect(mean(1)).toBeGreaterThan(mean(0) + 0.3)
  })

  withBooster('refuses what it cannot fit, by name', (booster) => {
    const request = sampleRequest(50, 3)
    const refused = (change: Partial<FitRequest>, reason: string) => {
      expect(() => booster.fit({ ...request, ...change })).toThrow(reason)
    }
    refused({ labels: request.labels.map(() => 3) }, 'label 3 of row 0 is not a class of 0..2')
    refused({ labels: request.labels.slice(1) }, '49 labels for 50 rows')
    refused({ rows: Uint32Array.of(50) }, 'row 50 of 50')
    refused({ rows: new Uint32Array(0) }, 'no rows')
    refused({ parameters: { ...request.parameters, learningRate: 0 } }, 'parameter learningRate is 0')
    refused({ parameters: { ...request.parameters, rounds: 1.5 } }, 'parameter rounds is 1.5')
  })
})

async function fitInThread(resolved: ResolvedEngine, request: FitRequest): Promise<unknown> {
  const worker = new Worker(new URL('./fit-worker.js', import.meta.url), { workerData: { resolved, request } })
  const [json] = (await once(worker, 'message')) as [unknown]
  await worker.terminate()
  return json
}

function accuracy(forest: Forest, { matrix, labels }: FitRequest): number {
  const margins = forest.margins(matrix)
  const right = labels.filter((label, row) => {
    const own = margins.subarray(row * 3, row * 3 + 3)
    return own.indexOf(Math.max(...own)) === label
  })
  return right.length / labels.length
}

function logLoss(forest: Forest, { matrix, labels }: FitRequest, rows: Uint32Array): number {
  const p = forest.probabilities(matrix, rows)
  return rows.reduce((sum, row, i) => sum - Math.log(p[i * 3 + labels[row]!]!), 0) / rows.length
}
