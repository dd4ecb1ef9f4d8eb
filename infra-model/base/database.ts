import type { TerraformStack } from 'cdktn'
import { DbInstance } from '@cdktn/provider-aws/lib/db-instance/index.js'
import { DbParameterGroup } from '@cdktn/provider-aws/lib/db-parameter-group/index.js'
import { DbSubnetGroup } from '@cdktn/provider-aws/lib/db-subnet-group/index.js'
import type { KmsKey } from '@cdktn/provider-aws/lib/kms-key/index.js'
import type { SecurityGroup } from '@cdktn/provider-aws/lib/security-group/index.js'
import type { Subnet } from '@cdktn/provider-aws/lib/subnet/index.js'
import type { AwsBaseInputs } from '../inputs/aws-base-inputs.ts'

/** What the database stands on. */
export interface DatabasePlace {
  readonly key: KmsKey
  readonly subnets: readonly Subnet[]
  readonly group: SecurityGroup
}

/**
 * PostgreSQL, private, encrypted, TLS only, backed up so that any second of the last `backupDays` can be gone back to.
 * RDS makes the master password and turns it over; nobody here, and no state, ever holds it.
 */
export function addDatabase(
  stack: TerraformStack,
  { name, database }: AwsBaseInputs,
  { key, subnets, group }: DatabasePlace,
): DbInstance {
  const place = new DbSubnetGroup(stack, 'database-subnets', { name, subnetIds: subnets.map((subnet) => subnet.id) })
  const parameters = new DbParameterGroup(stack, 'database-parameters', {
    name: `${name}-${database.version}`,
    family: `postgres${database.version}`,
    parameter: [{ name: 'rds.force_ssl', value: '1' }],
    lifecycle: { createBeforeDestroy: true },
  })
  return new DbInstance(stack, 'database', {
    identifier: name,
    engine: 'postgres',
    engineVersion: database.version,
    instanceClass: database.machine,
    allocatedStorage: database.storageGb,
    maxAllocatedStorage: database.mostStorageGb,
    storageType: 'gp3',
    storageEncrypted: true,
    kmsKeyId: key.arn,
    dbName: 'bullpen',
    username: 'bullpen_admin',
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: key.arn,
    dbSubnetGroupName: place.name,
    vpcSecurityGroupIds: [group.id],
    publiclyAccessible: false,
    multiAz: database.secondZone,
    parameterGroupName: parameters.name,
    caCertIdentifier: 'rds-ca-rsa2048-g1',
    backupRetentionPeriod: database.backupDays,
    backupWindow: '02:00-03:00',
    maintenanceWindow: 'sun:03:30-sun:04:30',
    copyTagsToSnapshot: true,
    autoMinorVersionUpgrade: true,
    deletionProtection: true,
    deleteAutomatedBackups: false,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: `${name}-final`,
    enabledCloudwatchLogsExports: ['postgresql'],
    lifecycle: { preventDestroy: true },
  })
}
