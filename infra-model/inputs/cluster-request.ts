import { Type, type Static, type TObject } from '@sinclair/typebox'

/** Id of a rental in the ledger. */
export const rental = (name: string) =>
  Type.Optional(
    Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+#[0-9]+$', description: `is a rental such as c/${name}#1` }),
  )

/** What is asked of every cloud in the same words; the fields that `core/protocol` asks of a target, and their ranges. */
export const clusterRequest = {
  cluster: Type.String({
    pattern: '^[a-z][a-z0-9-]{0,30}$',
    description: 'is 1 to 31 small letters, digits and dashes',
  }),
  /** Run that the cluster is for, as far as known. */
  run: Type.String({ pattern: '^[A-Za-z0-9._-]{1,63}$', default: 'none' }),
  /** Ids in the ledger; without a ledger, those of a first rental. */
  redisRental: rental('redis'),
  workersRental: rental('workers'),
  workers: Type.Integer({ minimum: 1, maximum: 1000, description: 'is 1 to 1000' }),
  /** Tasks at a time of each; null: as many as the host has cores. */
  threads: Type.Union([Type.Integer({ minimum: 1, maximum: 1024 }), Type.Null()], { default: null }),
  endsAt: Type.String({
    pattern: '^\\d{4}-(0[1-9]|1[0-2])-([0-2]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$',
    description: 'is a time such as 2030-01-07T10:00:00Z',
  }),
  idleExitSeconds: Type.Integer({ minimum: 1, maximum: 86_400, description: 'is 1 to 86400 seconds' }),
  maxLifetimeSeconds: Type.Integer({ minimum: 60, maximum: 2_147_483, description: 'is 60 to 2147483 seconds' }),
  maxPricePerHour: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()], { default: null }),
  diskGb: Type.Integer({ minimum: 10, maximum: 1000, default: 30 }),
}

/** Checked values of {@link clusterRequest}. */
export type ClusterRequestInputs = Readonly<Static<TObject<typeof clusterRequest>>>

/** The ledger's id of what is rented under this name. */
export function rentalOf(inputs: ClusterRequestInputs, name: 'redis' | 'workers'): string {
  return inputs[`${name}Rental`] ?? `${inputs.cluster}/${name}#1`
}
