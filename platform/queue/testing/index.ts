export { RedisServer } from './redis-server.ts'
export type { RedisServerOptions } from './redis-server.ts'
