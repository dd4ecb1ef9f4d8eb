import type { TerraformStack } from 'cdktn'
import type { KmsKey } from '@cdktn/provider-aws/lib/kms-key/index.js'
import { S3Bucket } from '@cdktn/provider-aws/lib/s3-bucket/index.js'
import { S3BucketLifecycleConfiguration } from '@cdktn/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js'
import { S3BucketOwnershipControls } from '@cdktn/provider-aws/lib/s3-bucket-ownership-controls/index.js'
import { S3BucketPolicy } from '@cdktn/provider-aws/lib/s3-bucket-policy/index.js'
import { S3BucketPublicAccessBlock } from '@cdktn/provider-aws/lib/s3-bucket-public-access-block/index.js'
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktn/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js'
import { S3BucketVersioningA } from '@cdktn/provider-aws/lib/s3-bucket-versioning/index.js'
import type { AwsBaseInputs } from '../inputs/aws-base-inputs.ts'

/**
 * The bucket: objects under `objects/`, the authority of the database under `ca/`, states under `terraform/`. Private,
 * encrypted, versioned, TLS only. Objects are named by their content and never expire; what was overwritten or deleted
 * can be brought back for `keepVersionsDays`.
 */
export function addBucket(stack: TerraformStack, inputs: AwsBaseInputs, key: KmsKey): S3Bucket {
  const bucket = new S3Bucket(stack, 'bucket', { bucket: inputs.bucket, lifecycle: { preventDestroy: true } })
  new S3BucketVersioningA(stack, 'bucket-versions', {
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  })
  new S3BucketServerSideEncryptionConfigurationA(stack, 'bucket-encryption', {
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
        bucketKeyEnabled: true, // one call to KMS per while, not one per object
      },
    ],
  })
  const closed = new S3BucketPublicAccessBlock(stack, 'bucket-closed', {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  })
  new S3BucketOwnershipControls(stack, 'bucket-owner', {
    bucket: bucket.id,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  })
  new S3BucketPolicy(stack, 'bucket-policy', {
    bucket: bucket.id,
    policy: tlsOnly(bucket.arn),
    dependsOn: [closed],
  })
  new S3BucketLifecycleConfiguration(stack, 'bucket-lifecycle', {
    bucket: bucket.id,
    rule: [
      {
        id: 'broken-uploads',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      },
      {
        id: 'old-versions',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: inputs.keepVersionsDays }],
        expiration: [{ expiredObjectDeleteMarker: true }],
      },
    ],
  })
  return bucket
}

/** A refusal of everyone, the owner included, whose connection is not TLS 1.2 or later. */
function tlsOnly(arn: string): string {
  const refuse = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [arn, `${arn}/*`] }
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'TlsOnly', ...refuse, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Sid: 'NoOldTls', ...refuse, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
    ],
  })
}
