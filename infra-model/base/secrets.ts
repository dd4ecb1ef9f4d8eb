import type { TerraformStack } from 'cdktn'
import type { KmsKey } from '@cdktn/provider-aws/lib/kms-key/index.js'
import { SecretsmanagerSecret } from '@cdktn/provider-aws/lib/secretsmanager-secret/index.js'

/** The secrets of a base, by name; their values are put there by hand (docs/operations.md). */
export interface Secrets {
  readonly databaseUrl: SecretsmanagerSecret
  readonly redisPassword: SecretsmanagerSecret
}

/** Places for secrets without their values: what terraform does not know, no state and no plan can tell. */
export function addSecrets(stack: TerraformStack, name: string, key: KmsKey): Secrets {
  const secret = (id: string, description: string) =>
    new SecretsmanagerSecret(stack, id, {
      name: `bullpen/${name}/${id}`,
      description,
      kmsKeyId: key.arn,
      recoveryWindowInDays: 30,
    })
  return {
    databaseUrl: secret('database-url', 'DATABASE_URL of agents and coordinators'),
    redisPassword: secret('redis-password', 'password of the Redis of every cluster'),
  }
}
