import { Type, type Static } from '@sinclair/typebox'
import { checkInputs } from './check-inputs.ts'
import { StateInput } from './state.ts'

const Inputs = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{1,20}$',
      description: 'is 2 to 21 small letters, digits and dashes',
    }),
    region: Type.String({ pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$', description: 'is a region such as eu-central-1' }),
    state: StateInput,
    /** RDS wants subnets in two zones even for one server. */
    zones: Type.Array(Type.String({ pattern: '^[a-z0-9-]+[a-z]$' }), {
      minItems: 2,
      maxItems: 4,
      uniqueItems: true,
      description: 'are 2 to 4 different zones of the region',
    }),
    /** First two numbers of the network, which is a /16 of a private range. */
    network: Type.String({
      pattern: '^(10\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)|172\\.(1[6-9]|2\\d|3[01])|192\\.168)\\.0\\.0/16$',
      description: 'is a private /16, such as 10.40.0.0/16',
    }),
    bucket: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$',
      description: 'is a bucket name without dots, which no one in the world has yet',
    }),
    /** Days an overwritten or deleted object can still be brought back. */
    keepVersionsDays: Type.Integer({ minimum: 1, maximum: 3650, default: 90 }),
    database: Type.Object(
      {
        version: Type.String({ pattern: '^1[5-9]$', default: '17', description: 'is a major version from 15 on' }),
        machine: Type.String({ pattern: '^db\\.', default: 'db.t4g.small' }),
        storageGb: Type.Integer({ minimum: 20, maximum: 65_536, default: 20 }),
        mostStorageGb: Type.Integer({ minimum: 20, maximum: 65_536, default: 100 }),
        backupDays: Type.Integer({ minimum: 7, maximum: 35, default: 14, description: 'is 7 to 35 days' }),
        secondZone: Type.Boolean({ default: false }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false },
)

/** Inputs of the stack aws-base, checked, defaults filled in. */
export type AwsBaseInputs = Readonly<Static<typeof Inputs>>

/** Throws InputsInvalid. */
export function awsBaseInputs(inputs: unknown): AwsBaseInputs {
  return checkInputs('aws-base', Inputs, inputs, ({ region, zones, database }) => [
    ...zones.filter((zone) => !zone.startsWith(region)).map((zone) => `zones: ${zone} is not in ${region}`),
    ...(database.mostStorageGb < database.storageGb ? ['database.mostStorageGb: is less than database.storageGb'] : []),
  ])
}
