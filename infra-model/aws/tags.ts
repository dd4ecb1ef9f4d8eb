import type { AwsClusterInputs } from '../inputs/aws-cluster-inputs.ts'
import { rentalOf } from '../inputs/cluster-request.ts'

/** Tags of everything of a cluster; a rented thing also tells which rental it is. */
export function tagsOf(inputs: AwsClusterInputs, rented?: 'redis' | 'workers'): Record<string, string> {
  return {
    'bullpen:base': inputs.base.name,
    'bullpen:cluster': inputs.cluster,
    'bullpen:run': inputs.run,
    'bullpen:expires': inputs.endsAt,
    ...(rented === undefined
      ? {}
      : { 'bullpen:rental': rentalOf(inputs, rented), Name: `${inputs.cluster}-${rented}` }),
  }
}
