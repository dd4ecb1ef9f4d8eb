export { adminTokenFile } from './admin-token.ts'
export { openAdminPort } from './open-admin-port.ts'
export type { AdminPort, AdminPortOptions } from './open-admin-port.ts'
export type { AdminSources, BoardQueue } from './admin-sources.ts'
