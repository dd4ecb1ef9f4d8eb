import { readFileSync } from 'node:fs'
import type { DeploymentInput } from '../deployment-input.ts'

/** The input that the committed manifests were made from. */
export function exampleInput(): DeploymentInput {
  return JSON.parse(readFileSync('infra-deploy/examples/serving.json', 'utf8')) as DeploymentInput
}
