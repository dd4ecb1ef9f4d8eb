import type { AppOptions } from '../app/app-options.ts'
import type { ServiceApp } from '../app/route.ts'
import { addCandleRoutes } from './candles.ts'
import { addEventRoute } from './events.ts'
import { addExplainRoute } from './explain.ts'
import { addHealthRoutes } from './health.ts'
import { addMetricsRoute } from './metrics.ts'
import { addModelRoutes } from './models.ts'
import { addTrainingRoutes } from './training.ts'
import { addVerdictLogRoutes } from './verdict-log.ts'
import { addVerdictRoutes } from './verdict.ts'

/** Everything the service answers but its pages and its own description. */
export function addRoutes(app: ServiceApp, options: AppOptions): void {
  addVerdictRoutes(app, options)
  addExplainRoute(app, options)
  addVerdictLogRoutes(app, options)
  addCandleRoutes(app, options)
  addModelRoutes(app, options)
  addTrainingRoutes(app, options)
  addHealthRoutes(app, options)
  const streams = addEventRoute(app, options)
  addMetricsRoute(app, options, streams)
}
