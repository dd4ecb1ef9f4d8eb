import { Type, type Static } from '@sinclair/typebox'
import { ValueErrorType } from '@sinclair/typebox/errors'
import { Value } from '@sinclair/typebox/value'

const closed = { additionalProperties: false }
const text = (description: string, pattern = '.') => Type.String({ pattern, description })
const port = Type.Integer({ minimum: 1, maximum: 65_535, description: 'a port, 1 to 65,535' })
const name = text('1 to 31 small letters, digits and dashes, a letter first', '^[a-z][a-z0-9-]{0,30}$')
// Addresses, users and folders become words of commands on other machines.
const address = text('an address or a host name', '^[A-Za-z0-9][A-Za-z0-9.:-]{0,253}$')
const price = Type.Object(
  {
    perHour: Type.Number({ minimum: 0, description: 'a number from 0' }),
    currency: text('three capital letters, such as USD', '^[A-Z]{3}$'),
  },
  { ...closed, description: 'an object {"perHour": ..., "currency": ...}' },
)
const host = Type.Object(
  {
    name,
    address,
    port: Type.Optional(port),
    user: text('the name of a user there', '^[A-Za-z_][A-Za-z0-9_.-]{0,31}$'),
    keyFile: text('the path of a private key'),
    hostKey: Type.Optional(
      text('TYPE BASE64, as ssh-keyscan tells it', '^(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+( .*)?$'),
    ),
    knownHosts: Type.Optional(text('the path of a known_hosts file')),
    home: Type.Optional(text('an absolute path of letters, digits and . _ / + -', '^/[A-Za-z0-9._/+-]*$')),
    bullpen: Type.Optional(
      Type.Array(text('a word of a command'), { minItems: 1, description: 'the words of a command, at least one' }),
    ),
    price: Type.Optional(price),
  },
  { ...closed, description: 'an object' },
)
const schema = Type.Object(
  {
    hosts: Type.Array(host, { minItems: 1, maxItems: 1000, description: 'a list of 1 to 1,000 hosts' }),
    redis: Type.Optional(
      Type.Object(
        { host: Type.Optional(name), address: Type.Optional(address), port: Type.Optional(port) },
        { ...closed, description: 'an object' },
      ),
    ),
  },
  { ...closed, description: 'an object {"hosts": [...]}' },
)

/** What a file of hosts says. */
export type HostsFile = Static<typeof schema>
export type HostEntry = HostsFile['hosts'][number]

/** The content as it is when it is a file of hosts, otherwise all that is wrong with it, each in words. */
export function checkHostsFile(content: unknown): HostsFile | string[] {
  if (Value.Check(schema, content)) return content
  const problems = new Map<string, string>()
  for (const { path, type, value, schema: wanted } of Value.Errors(schema, content)) {
    // What is missing is reported again as being of no type.
    if (!problems.has(path)) problems.set(path, problemOf(fieldOf(path), type, value, wanted.description ?? 'another'))
  }
  return [...problems.values()]
}

function problemOf(field: string, type: ValueErrorType, value: unknown, wanted: string): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return `${field} is nothing that is known here: remove it`
  if (type === ValueErrorType.ObjectRequiredProperty) return `${field} is missing: give ${wanted}`
  return `${field} must be ${wanted}, and is ${JSON.stringify(value).slice(0, 60)}`
}

/** `/hosts/0/home` as `hosts[0].home`. */
function fieldOf(path: string): string {
  const field = path
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .slice(1)
  return field === '' ? 'it' : field
}
