import { Type, type Static } from '@sinclair/typebox'
import { checkInputs } from './check-inputs.ts'
import { StateInput } from './state.ts'

const Inputs = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{1,20}$',
      description: 'is 2 to 21 small letters, digits and dashes',
    }),
    state: StateInput,
    /** A folder of its own: what ends hosts whose term is over may end every host in it. */
    folder: Type.String({ pattern: '^[a-z0-9]{20}$', description: 'is the id of a folder, 20 letters and digits' }),
    zone: Type.String({ pattern: '^ru-central1-[abd]$', description: 'is ru-central1-a, -b or -d' }),
    network: Type.String({
      pattern:
        '^(10\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)|172\\.(1[6-9]|2\\d|3[01])|192\\.168)\\.\\d{1,3}\\.0/(2[0-4]|1[6-9])$',
      description: 'is a private network of 256 addresses or more, such as 10.50.0.0/20',
    }),
    bucket: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$',
      description: 'is a bucket name without dots, which no one has yet',
    }),
    keepVersionsDays: Type.Integer({ minimum: 1, maximum: 3650, default: 90 }),
    database: Type.Object(
      {
        version: Type.String({ pattern: '^1[5-9]$', default: '17', description: 'is a major version from 15 on' }),
        preset: Type.String({ pattern: '^[a-z0-9-]{4,20}$', default: 's3-c2-m8', description: 'is a class of hosts' }),
        storageGb: Type.Integer({ minimum: 10, maximum: 4096, default: 20 }),
        backupDays: Type.Integer({ minimum: 7, maximum: 60, default: 14, description: 'is 7 to 60 days' }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false },
)

/** Inputs of the stack yandex-base, checked, defaults filled in. */
export type YandexBaseInputs = Readonly<Static<typeof Inputs>>

/** Throws InputsInvalid. */
export function yandexBaseInputs(inputs: unknown): YandexBaseInputs {
  return checkInputs('yandex-base', Inputs, inputs)
}
