/*
 * What our stacks say to the provider of Yandex Cloud, attribute by attribute as its documentation has them
 * (terraform-provider.yandexcloud.net): no bindings exist. A block that may occur once is a list of one.
 */

type Labels = Readonly<Record<string, string>>
type One<T> = readonly [T]

interface Named {
  readonly name: string
  readonly folder_id: string
  readonly labels?: Labels
}

interface Binding {
  readonly role: string
  readonly members: readonly string[]
}

/** Disk that a host starts from. */
export interface BootDisk {
  readonly initialize_params: One<{
    readonly image_id: string
    readonly size: number
    readonly type: 'network-ssd'
    readonly kms_key_id?: string
  }>
}

/** Arguments of every type of resource that is used. */
export interface YandexResources {
  yandex_vpc_network: Named
  yandex_vpc_gateway: Named & { readonly shared_egress_gateway: One<Readonly<Record<string, never>>> }
  yandex_vpc_route_table: Named & {
    readonly network_id: string
    readonly static_route: One<{ readonly destination_prefix: string; readonly gateway_id: string }>
  }
  yandex_vpc_subnet: Named & {
    readonly network_id: string
    readonly zone: string
    readonly v4_cidr_blocks: readonly string[]
    readonly route_table_id: string
  }
  yandex_vpc_security_group: Named & { readonly network_id: string; readonly description: string }
  yandex_vpc_security_group_rule: {
    readonly security_group_binding: string
    readonly direction: 'ingress' | 'egress'
    readonly protocol: 'TCP' | 'UDP'
    readonly port: number
    readonly security_group_id?: string
    readonly v4_cidr_blocks?: readonly string[]
  }
  yandex_kms_symmetric_key: Named & {
    readonly default_algorithm: 'AES_256'
    readonly rotation_period: string
    readonly deletion_protection: boolean
  }
  yandex_kms_symmetric_key_iam_binding: Binding & { readonly symmetric_key_id: string }
  yandex_iam_service_account: Omit<Named, 'labels'> & { readonly description: string }
  yandex_iam_service_account_static_access_key: {
    readonly service_account_id: string
    readonly description: string
    readonly output_to_lockbox: One<{
      readonly secret_id: string
      readonly entry_for_access_key: string
      readonly entry_for_secret_key: string
    }>
  }
  yandex_resourcemanager_folder_iam_member: {
    readonly folder_id: string
    readonly role: string
    readonly member: string
  }
  yandex_storage_bucket: {
    readonly bucket: string
    readonly folder_id: string
    readonly anonymous_access_flags: One<{ readonly read: false; readonly list: false; readonly config_read: false }>
    readonly versioning: One<{ readonly enabled: true }>
    readonly server_side_encryption_configuration: One<{
      readonly rule: One<{
        readonly apply_server_side_encryption_by_default: One<{
          readonly sse_algorithm: 'aws:kms'
          readonly kms_master_key_id: string
        }>
      }>
    }>
    readonly lifecycle_rule: readonly {
      readonly id: string
      readonly enabled: true
      readonly abort_incomplete_multipart_upload_days?: number
      readonly noncurrent_version_expiration?: One<{ readonly days: number }>
    }[]
  }
  yandex_storage_bucket_iam_binding: Binding & { readonly bucket: string }
  yandex_lockbox_secret: Named & {
    readonly description: string
    readonly kms_key_id: string
    readonly deletion_protection: boolean
  }
  yandex_lockbox_secret_iam_binding: Binding & { readonly secret_id: string }
  yandex_container_registry: Named
  yandex_container_registry_iam_binding: Binding & { readonly registry_id: string }
  yandex_mdb_postgresql_cluster: Named & {
    readonly environment: 'PRODUCTION'
    readonly network_id: string
    readonly security_group_ids: readonly string[]
    readonly deletion_protection: boolean
    readonly disk_encryption_key_id: string
    readonly config: One<{
      readonly version: string
      readonly resources: One<{
        readonly resource_preset_id: string
        readonly disk_type_id: 'network-ssd'
        readonly disk_size: number
      }>
      readonly pooler_config: One<{ readonly pooling_mode: 'SESSION' }>
      readonly backup_retain_period_days: number
      readonly backup_window_start: One<{ readonly hours: number; readonly minutes: number }>
      readonly access: One<{ readonly web_sql: false; readonly data_lens: false; readonly serverless: false }>
    }>
    readonly maintenance_window: One<{ readonly type: 'WEEKLY'; readonly day: string; readonly hour: number }>
    readonly host: readonly { readonly zone: string; readonly subnet_id: string; readonly assign_public_ip: false }[]
  }
  yandex_mdb_postgresql_user: {
    readonly cluster_id: string
    readonly name: string
    readonly generate_password: true
    readonly conn_limit: number
  }
  yandex_mdb_postgresql_database: { readonly cluster_id: string; readonly name: string; readonly owner: string }
  yandex_function: Named & {
    readonly description: string
    readonly runtime: string
    readonly entrypoint: string
    readonly memory: string
    readonly execution_timeout: string
    readonly service_account_id: string
    readonly environment: Readonly<Record<string, string>>
    readonly user_hash: string
    readonly content: One<{ readonly zip_filename: string }>
  }
  yandex_function_iam_binding: Binding & { readonly function_id: string }
  yandex_function_trigger: Named & {
    readonly timer: One<{ readonly cron_expression: string }>
    readonly function: One<{
      readonly id: string
      readonly service_account_id: string
      readonly retry_attempts: number
      readonly retry_interval: number
    }>
  }
  yandex_compute_instance: Named & {
    readonly zone: string
    readonly platform_id: string
    readonly service_account_id: string
    readonly allow_stopping_for_update: boolean
    readonly resources: One<{ readonly cores: number; readonly memory: number }>
    readonly boot_disk: One<BootDisk>
    readonly network_interface: One<{
      readonly subnet_id: string
      readonly nat: false
      readonly security_group_ids: readonly string[]
    }>
    readonly metadata: Readonly<Record<string, string>>
    readonly metadata_options: One<{ readonly aws_v1_http_endpoint: number; readonly gce_http_endpoint: number }>
  }
  yandex_compute_instance_group: Named & {
    readonly service_account_id: string
    readonly deletion_protection: false
    readonly instance_template: One<{
      readonly name: string
      readonly platform_id: string
      readonly service_account_id: string
      readonly labels: Labels
      readonly resources: One<{ readonly cores: number; readonly memory: number }>
      readonly scheduling_policy: One<{ readonly preemptible: boolean }>
      readonly boot_disk: One<BootDisk>
      readonly network_interface: One<{
        readonly network_id: string
        readonly subnet_ids: readonly string[]
        readonly nat: false
        readonly security_group_ids: readonly string[]
      }>
      readonly metadata: Readonly<Record<string, string>>
      readonly metadata_options: One<{ readonly aws_v1_http_endpoint: number; readonly gce_http_endpoint: number }>
    }>
    readonly scale_policy: One<{ readonly fixed_scale: One<{ readonly size: number }> }>
    readonly allocation_policy: One<{ readonly zones: readonly string[] }>
    readonly deploy_policy: One<{ readonly max_unavailable: number; readonly max_expansion: number }>
  }
}
