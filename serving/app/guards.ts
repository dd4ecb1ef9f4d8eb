import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { BullpenError } from '#core/errors'
import type { ServiceSettings } from './service-settings.ts'

type GuardSettings = Pick<ServiceSettings, 'shedAboveMs' | 'corsOrigins' | 'ratePerMinute'>

/** Keeps the service from doing more than it can, for whom it should not. */
export async function addGuards(app: FastifyInstance, settings: GuardSettings): Promise<void> {
  await shedLoad(app, settings.shedAboveMs)
  // Without it no origin is let in, and no request waits for a hook that says so.
  if (settings.corsOrigins.length > 0) {
    await app.register(cors, { origin: [...settings.corsOrigins], hideOptionsRoute: true, strictPreflight: false })
  }
  await limitRates(app, settings.ratePerMinute)
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

/** By key, or by address without one. Probes are not counted. */
async function limitRates(app: FastifyInstance, ratePerMinute: number | null): Promise<void> {
  await app.register(rateLimit, {
    global: ratePerMinute !== null,
    max: ratePerMinute ?? 0,
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: ({ holder, ip }) => (holder === null ? `address ${ip}` : holder.id),
    errorResponseBuilder: (_, { max }) => new BullpenError('RATE_LIMITED', { limit: max, seconds: 60 }),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: {
      'x-ratelimit-limit': true,
      'x-ratelimit-remaining': true,
      'x-ratelimit-reset': true,
      'retry-after': true,
    },
  })
}
