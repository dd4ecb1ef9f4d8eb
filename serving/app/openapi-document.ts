import { silentLogger } from '#platform/logging'
import { ServiceMetrics } from '../metrics/index.ts'
import { makeApp } from './make-app.ts'
import type { ServiceParts } from './service-parts.ts'
import { ServiceState } from './service-state.ts'

/** The OpenAPI document of a version, without a service behind it. */
export async function openApiDocument(version: string): Promise<object> {
  // Nothing is asked of the parts: routes are described, not called.
  const parts = { events: { follow: () => () => undefined } } as unknown as ServiceParts
  const app = await makeApp({
    parts,
    settings: {
      alias: 'champion',
      anonymousRead: false,
      requireFresh: true,
      corsOrigins: [],
      ratePerMinute: null,
      shedAboveMs: null,
      requestMs: 10_000,
      tracing: false,
      version,
    },
    state: new ServiceState(),
    metrics: new ServiceMetrics(),
    logger: silentLogger,
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
