import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { BullpenError } from '#core/errors'
import { RateWindows } from './rate-windows.ts'
import { addRouteHook } from './route-hooks.ts'
import type { ServiceSettings } from './service-settings.ts'

type GuardSettings = Pick<ServiceSettings, 'shedAboveMs' | 'corsOrigins'>

/** Keeps the service from doing more than it can, for whom it should not. */
export async function addGuards(app: FastifyInstance, settings: GuardSettings): Promise<void> {
  await shedLoad(app, settings.shedAboveMs)
  // Without it no origin is let in, and no request waits for a hook that says so.
  if (settings.corsOrigins.length > 0) {
    await app.register(cors, { origin: [...settings.corsOrigins], hideOptionsRoute: true, strictPreflight: false })
  }
  // Limits nothing by itself: guardAccess has it count wrong keys.
  await app.register(rateLimit, { global: false, cache: 10_000 })
}

/** How long the pressure has to last, ms: one long computation, or the start itself, is none. */
const patienceMs = 1000

/** Refuses at once what would only wait: an answer that comes too late is worth nothing to a bot. */
async function shedLoad(app: FastifyInstance, shedAboveMs: number | null): Promise<void> {
  if (shedAboveMs === null) return
  const pressure = { from: 0, to: 0 }
  await app.register(underPressure, {
    maxEventLoopDelay: shedAboveMs,
    sampleInterval: 500,
    pressureHandler: (request, reply) => {
      const now = performance.now()
      if (now - pressure.to > patienceMs) pressure.from = now
      pressure.to = now
      if (request.routeOptions.config.alwaysAnswers || now - pressure.from < patienceMs) return
      void reply.header('retry-after', '1')
      throw new BullpenError('OVERLOADED')
    },
  })
}

/** Counts requests by key, or by address without one. Probes are not counted. Goes after whoever finds out the key. */
export function limitRates(app: FastifyInstance, ratePerMinute: number): void {
  const windows = new RateWindows({ most: ratePerMinute, widthMs: 60_000, callers: 10_000 })
  const limit: onRequestHookHandler = ({ holder, ip }, reply, done) => {
    const seconds = windows.take(holder === null ? `address ${ip}` : holder.id, performance.now())
    if (seconds === 0) {
      done()
      return
    }
    void reply.headers({ 'x-ratelimit-limit': ratePerMinute, 'x-ratelimit-remaining': 0 })
    void reply.headers({ 'x-ratelimit-reset': seconds, 'retry-after': seconds })
    done(new BullpenError('RATE_LIMITED', { limit: ratePerMinute, seconds: 60 }))
  }
  app.addHook('onRoute', (route) => {
    if (!route.config?.uncounted) addRouteHook(route, 'onRequest', limit)
  })
}
