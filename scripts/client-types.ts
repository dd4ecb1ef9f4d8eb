import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { format, resolveConfig } from 'prettier'
import { openApiDocument } from '../serving/app/openapi-document.ts'

const head = `/* eslint-disable */
// Generated from the OpenAPI document of the service by npm run client:generate. Do not edit.
`

/** Source of the client's types. The version of bullpen is left out: it would change the file without changing a type. */
export async function clientTypes(): Promise<string> {
  const ast = await openapiTS((await openApiDocument('0')) as OpenAPI3)
  const options = await resolveConfig('client/openapi.ts', { editorconfig: true })
  return format(`${head}${astToString(ast)}`, { ...options, parser: 'typescript' })
}
