import { readFileSync } from 'node:fs'
import { TerraformDataSource, TerraformProvider, type TerraformStack } from 'cdktn'
import type { YandexBaseInputs } from '../inputs/yandex-base-inputs.ts'
import { addAccount, addRole, memberOf, type Account } from './accounts.ts'
import type { Named } from './network.ts'
import { YandexResource } from './resource.ts'

/**
 * A function of the cloud that ends, once a minute, every cluster whose term is over: it works when every program of ours
 * is dead. It may change any host in the folder, which should therefore hold nothing else.
 * @param callers accounts of hosts, which ask it to be taken out of their group
 */
export function addReaper(
  stack: TerraformStack,
  inputs: YandexBaseInputs,
  { named, callers }: { readonly named: Named; readonly callers: readonly Account[] },
): YandexResource<'yandex_function'> {
  const account = addAccount(stack, inputs, 'reaper', 'ends hosts whose term is over')
  addRole(stack, inputs, 'reaper', account, 'compute.editor')
  const archive = new Archive(stack, 'reaper-code')
  const reaper = new YandexResource(stack, 'reaper', 'yandex_function', {
    ...named('reaper'),
    description: 'ends hosts whose term is over',
    runtime: 'nodejs22',
    entrypoint: 'index.handler',
    memory: '128',
    execution_timeout: '60',
    service_account_id: account.id,
    environment: { BULLPEN_BASE: inputs.name, BULLPEN_FOLDER: inputs.folder },
    user_hash: archive.getStringAttribute('output_sha256'),
    content: [{ zip_filename: archive.getStringAttribute('output_path') }],
  })
  new YandexResource(stack, 'reaper-callers', 'yandex_function_iam_binding', {
    function_id: reaper.id,
    role: 'functions.functionInvoker',
    members: [account, ...callers].map(memberOf),
  })
  new YandexResource(stack, 'reaper-timer', 'yandex_function_trigger', {
    ...named('reaper'),
    timer: [{ cron_expression: '* * * * ? *' }],
    function: [{ id: reaper.id, service_account_id: account.id, retry_attempts: 5, retry_interval: 10 }],
  })
  return reaper
}

/** It has no settings. */
class ArchiveProvider extends TerraformProvider {}

/** The compiled function and the line that makes it a module, zipped by Terraform. */
class Archive extends TerraformDataSource {
  constructor(stack: TerraformStack, id: string) {
    const provider = { providerName: 'archive', providerVersionConstraint: '~> 2.7' }
    new ArchiveProvider(stack, 'archive', {
      terraformResourceType: 'archive',
      terraformGeneratorMetadata: provider,
      terraformProviderSource: 'hashicorp/archive',
    })
    super(stack, id, { terraformResourceType: 'archive_file', terraformGeneratorMetadata: provider })
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const code = readFileSync(new URL('reaper/reaper.js', import.meta.url), 'utf8')
    return {
      type: 'zip',
      output_path: 'reaper.zip',
      source: [
        // Terraform's own meaning of ${ and %{ is switched off.
        { filename: 'index.js', content: code.replaceAll('${', () => '$${').replaceAll('%{', '%%{') },
        { filename: 'package.json', content: '{"type":"module"}' },
      ],
    }
  }
}
