import type { FastifyPluginAsync } from 'fastify'
import type { Logger } from '#platform/logging'
import type { ServiceMetrics } from '../metrics/index.ts'
import type { ServiceParts } from './service-parts.ts'
import type { ServiceSettings } from './service-settings.ts'
import type { ServiceState } from './service-state.ts'

/** What an application is made of. */
export interface AppOptions {
  readonly parts: ServiceParts
  readonly settings: ServiceSettings
  readonly state: ServiceState
  readonly metrics: ServiceMetrics
  readonly logger: Logger
  /** Serves `/` and its files. */
  readonly pages?: FastifyPluginAsync
}
