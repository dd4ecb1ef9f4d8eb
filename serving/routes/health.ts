import { BullpenError } from '#core/errors'
import { Health, Readiness } from '../api/schemas.ts'
import type { AppOptions } from '../app/app-options.ts'
import { answers, type ServiceApp } from '../app/route.ts'
import { readinessOf } from './readiness.ts'

const config = { scope: 'open', alwaysAnswers: true, uncounted: true } as const
const tags = ['service']

/** `/health` and `/healthcheck` (alive), `/startup` (has begun), `/ready` (send requests here). */
export function addHealthRoutes(app: ServiceApp, { parts, settings, state }: AppOptions): void {
  const alive = { status: 'ok' } as const
  for (const [path, operationId] of [
    ['/health', 'isAlive'],
    ['/healthcheck', 'isAliveToo'],
  ] as const) {
    app.get(
      path,
      { config, schema: { tags, summary: 'The process answers', operationId, response: answers(Health) } },
      () => alive,
    )
  }

  app.get(
    '/startup',
    {
      config,
      schema: { tags, summary: 'The service has begun', operationId: 'hasStarted', response: answers(Health) },
    },
    () => {
      if (!state.isStarted) throw new BullpenError('NOT_READY', { reason: 'it is starting' })
      return alive
    },
  )

  app.get(
    '/ready',
    {
      config,
      schema: {
        tags,
        summary: 'A verified model answers from data that is fresh enough',
        operationId: 'isReady',
        response: answers(Readiness),
      },
    },
    () => {
      const readiness = readinessOf(parts, settings, state)
      if ('reason' in readiness) throw new BullpenError('NOT_READY', { reason: readiness.reason })
      return { status: 'ready' as const, models: [...readiness.models], dataAgeMs: readiness.dataAgeMs }
    },
  )
}
