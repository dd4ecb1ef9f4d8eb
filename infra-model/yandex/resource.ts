import { TerraformProvider, TerraformResource, type TerraformResourceLifecycle, type TerraformStack } from 'cdktn'
import type { YandexResources } from './resource-types.ts'

const provider = { providerName: 'yandex', providerVersionConstraint: '~> 0.150' }

/** The provider of Yandex Cloud. Its token comes from YC_TOKEN or a key file, never from a stack. */
export class YandexProvider extends TerraformProvider {
  private readonly place: { readonly folder_id: string; readonly zone: string }

  constructor(stack: TerraformStack, place: { readonly folder_id: string; readonly zone: string }) {
    super(stack, 'yandex', {
      terraformResourceType: 'yandex',
      terraformGeneratorMetadata: provider,
      terraformProviderSource: 'yandex-cloud/yandex',
    })
    this.place = place
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.place }
  }
}

/** A resource of Yandex Cloud, its arguments checked against YandexResources. */
export class YandexResource<Type extends keyof YandexResources> extends TerraformResource {
  private readonly is: YandexResources[Type]

  constructor(
    stack: TerraformStack,
    id: string,
    type: Type,
    is: YandexResources[Type],
    lifecycle?: TerraformResourceLifecycle,
  ) {
    super(stack, id, {
      terraformResourceType: type,
      terraformGeneratorMetadata: provider,
      ...(lifecycle === undefined ? {} : { lifecycle }),
    })
    this.is = is
  }

  get id(): string {
    return this.getStringAttribute('id')
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.is }
  }
}
