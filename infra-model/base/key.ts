import type { TerraformStack } from 'cdktn'
import { KmsAlias } from '@cdktn/provider-aws/lib/kms-alias/index.js'
import { KmsKey } from '@cdktn/provider-aws/lib/kms-key/index.js'

/** One key for bucket, database, secrets and images, turned over by AWS every year. Its loss is the loss of all of them. */
export function addKey(stack: TerraformStack, name: string): KmsKey {
  const key = new KmsKey(stack, 'key', {
    description: `bullpen ${name}: objects, database, secrets, images`,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    lifecycle: { preventDestroy: true },
  })
  new KmsAlias(stack, 'key-alias', { name: `alias/${name}`, targetKeyId: key.keyId })
  return key
}
