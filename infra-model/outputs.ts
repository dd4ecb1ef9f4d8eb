/*
 * What the stacks tell, and the only file of infra-model that other rooms read. The shapes are also what
 * `terraform output -json <name>` prints, so they hold plain data only.
 */

/** A cluster that is up: output `cluster` of every cluster stack. It has no secret in it. */
export interface ClusterOutput {
  readonly cluster: string
  /** `redis://host:port`, without a password. */
  readonly redisUrl: string
  /** Name of the secret that holds the password of Redis, in the store of the cloud; null where there is none. */
  readonly redisPasswordSecret: string | null
  /** What is rented, and where: a group is one place, with so many hosts as it is to have now. */
  readonly workers: readonly { readonly name: string; readonly place: string; readonly hosts: number }[]
}

/** What lives on at AWS between two clusters: output `base` of the stack aws-base, input of aws-cluster. */
export interface AwsBaseOutput {
  readonly name: string
  readonly region: string
  readonly account: string
  readonly bucket: string
  /** `s3://bucket/prefix` for BULLPEN_OBJECTS. */
  readonly objects: string
  readonly subnets: readonly string[]
  readonly workerSecurityGroup: string
  readonly redisSecurityGroup: string
  /** Put a host that coordinates or serves into it: the only other one that Redis and the database hear. */
  readonly coordinatorSecurityGroup: string
  readonly workerProfile: string
  readonly redisProfile: string
  /** Role in which the scheduler ends a Redis host whose term is over. */
  readonly termRole: string
  readonly scheduleGroup: string
  readonly databaseAddress: string
  readonly databaseUrlSecret: string
  readonly redisPasswordSecret: string
  /** Repository of worker images, without tag or digest. */
  readonly images: string
}

/** What lives on at Yandex Cloud: output `base` of the stack yandex-base, input of yandex-cluster. */
export interface YandexBaseOutput {
  readonly name: string
  readonly folder: string
  readonly zone: string
  readonly bucket: string
  /** `s3://bucket/prefix` for BULLPEN_OBJECTS. */
  readonly objects: string
  readonly network: string
  readonly subnet: string
  readonly workerSecurityGroup: string
  readonly redisSecurityGroup: string
  readonly coordinatorSecurityGroup: string
  /** Service account of the hosts. */
  readonly hostAccount: string
  /** Service account in which instance groups make their hosts. */
  readonly groupAccount: string
  readonly databaseAddress: string
  readonly databaseUrlSecret: string
  readonly redisPasswordSecret: string
  readonly objectKeySecret: string
  /** Function that ends what is past its term, and takes hosts that leave out of their group. */
  readonly reaper: string
  readonly diskKey: string
  /** Registry of worker images, without repository, tag or digest. */
  readonly images: string
}
