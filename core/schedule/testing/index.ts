export { describeScheduleStore } from './schedule-store-suite.ts'
export type { ScheduleStoreFixture } from './schedule-store-suite.ts'
