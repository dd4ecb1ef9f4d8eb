import { writeFileSync } from 'node:fs'
import { clientTypes } from './client-types.ts'

// `npm run client:generate`: the client's types, from the OpenAPI document of the service.
const path = 'client/openapi.ts'
writeFileSync(path, await clientTypes())
console.log(`${path} written`)
