export { metricTable, requestMetrics, ServiceMetrics } from './service-metrics.ts'
export type { SeriesFigures, ServiceFigures } from './service-figures.ts'
