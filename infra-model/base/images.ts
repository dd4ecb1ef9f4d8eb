import type { TerraformStack } from 'cdktn'
import { EcrLifecyclePolicy } from '@cdktn/provider-aws/lib/ecr-lifecycle-policy/index.js'
import { EcrRepository } from '@cdktn/provider-aws/lib/ecr-repository/index.js'
import type { KmsKey } from '@cdktn/provider-aws/lib/kms-key/index.js'

/** The repository of worker images: a tag never moves, each image is scanned, the last 20 are kept. */
export function addImages(stack: TerraformStack, name: string, key: KmsKey): EcrRepository {
  const images = new EcrRepository(stack, 'images', {
    name: `${name}-worker`, // as scripts/image names it, for a base named bullpen
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: key.arn }],
  })
  new EcrLifecyclePolicy(stack, 'images-kept', {
    repository: images.name,
    policy: JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 20 },
          action: { type: 'expire' },
        },
      ],
    }),
  })
  return images
}
