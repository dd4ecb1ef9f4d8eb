import type { TerraformStack } from 'cdktn'
import type { YandexBaseInputs } from '../inputs/yandex-base-inputs.ts'
import { YandexResource } from './resource.ts'

/** A service account. */
export type Account = YandexResource<'yandex_iam_service_account'>

/**
 * The accounts of hosts, which may do nothing to the cloud but what single bindings allow, and of instance groups, which
 * make and end hosts.
 */
export function addAccounts(stack: TerraformStack, inputs: YandexBaseInputs) {
  const group = addAccount(stack, inputs, 'group', 'makes and ends the hosts of instance groups')
  for (const role of ['compute.editor', 'vpc.user', 'iam.serviceAccounts.user', 'kms.keys.encrypterDecrypter']) {
    addRole(stack, inputs, 'group', group, role)
  }
  return { host: addAccount(stack, inputs, 'host', 'what agents and Redis run as'), group }
}

/** Adds an account without any right. */
export function addAccount(
  stack: TerraformStack,
  { name, folder }: YandexBaseInputs,
  id: string,
  description: string,
): Account {
  return new YandexResource(stack, `${id}-account`, 'yandex_iam_service_account', {
    name: `${name}-${id}`,
    folder_id: folder,
    description,
  })
}

/** Lets an account take a role in the folder. */
export function addRole(
  stack: TerraformStack,
  { folder }: YandexBaseInputs,
  id: string,
  account: Account,
  role: string,
): void {
  new YandexResource(stack, `${id}-${role.replaceAll('.', '-')}`, 'yandex_resourcemanager_folder_iam_member', {
    folder_id: folder,
    role,
    member: memberOf(account),
  })
}

/** How bindings name an account. */
export function memberOf(account: Account): string {
  return `serviceAccount:${account.id}`
}
