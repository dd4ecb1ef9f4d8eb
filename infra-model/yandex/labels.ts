import { rentalOf } from '../inputs/cluster-request.ts'
import type { YandexClusterInputs } from '../inputs/yandex-cluster-inputs.ts'

/**
 * Labels of what is rented. A label takes small letters, digits and -_./@ only: a rental's `#` is written `@`, the expiry
 * in seconds since the epoch.
 */
export function labelsOf(inputs: YandexClusterInputs, rented: 'redis' | 'workers'): Record<string, string> {
  return {
    'bullpen-base': inputs.base.name,
    'bullpen-cluster': inputs.cluster,
    'bullpen-run': inputs.run.toLowerCase(),
    'bullpen-kind': rented,
    'bullpen-rental': rentalOf(inputs, rented).replace('#', '@'),
    'bullpen-expires': String(Date.parse(inputs.endsAt) / 1000),
  }
}
