import { LocalBackend, TerraformProvider, TerraformResource, TerraformStack, TerraformVariable } from 'cdktn'
import type { Construct } from 'constructs'
import { kubernetesObjects, type KubernetesObject } from './kubernetes-objects.ts'

const provider = 'kubernetes'

/** hashicorp/kubernetes without generated bindings: two attributes are all that is used of it. */
class KubernetesProvider extends TerraformProvider {
  private readonly attributes: Readonly<Record<string, unknown>>

  constructor(scope: Construct, attributes: Readonly<Record<string, unknown>>) {
    super(scope, provider, {
      terraformResourceType: provider,
      terraformGeneratorMetadata: { providerName: provider, providerVersionConstraint: '~> 2.38' },
      terraformProviderSource: 'hashicorp/kubernetes',
    })
    this.attributes = attributes
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.attributes }
  }
}

/** One object, as the provider's `kubernetes_manifest` takes it. */
class KubernetesManifest extends TerraformResource {
  private readonly manifest: KubernetesObject

  constructor(scope: Construct, id: string, manifest: KubernetesObject, after: readonly KubernetesManifest[]) {
    super(scope, id, {
      dependsOn: [...after],
      terraformResourceType: 'kubernetes_manifest',
      terraformGeneratorMetadata: { providerName: provider },
    })
    this.manifest = manifest
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    // A Deployment counts as made when its pods are ready, so that a bad version fails the apply.
    const wait = this.manifest.kind === 'Deployment' ? { wait: [{ rollout: true }] } : {}
    return { manifest: literally(this.manifest), ...wait }
  }
}

/**
 * The objects of `npm run manifests` for `terraform apply`. The cluster is the one of a kubeconfig; no secret is a
 * variable, and none comes into the state: Secrets are referred to by name.
 */
export class ServingStack extends TerraformStack {
  /** Throws DeploymentInputInvalid. */
  constructor(scope: Construct, input: unknown) {
    super(scope, 'serving')
    // Beside the stack, wherever that is; an override.tf there names a shared backend instead (README).
    new LocalBackend(this, { path: 'terraform.tfstate' })
    const kubeconfig = new TerraformVariable(this, 'kubeconfig', {
      type: 'string',
      default: '~/.kube/config',
      description: 'File with the address of the cluster and how to log in to it',
    })
    const context = new TerraformVariable(this, 'context', {
      type: 'string',
      default: '',
      description: 'Context of that file; empty: its current one',
    })
    new KubernetesProvider(this, {
      config_path: kubeconfig.stringValue,
      config_context: `\${${context.fqn} == "" ? null : ${context.fqn}}`,
    })
    const { namespace: namespaces = [], ...rest } = kubernetesObjects(input)
    const first = namespaces.map((object) => this.add(object, []))
    for (const object of Object.values(rest).flat()) this.add(object, first)
  }

  private add(object: KubernetesObject, after: readonly KubernetesManifest[]): KubernetesManifest {
    return new KubernetesManifest(this, `${object.kind}-${object.metadata.name}`.toLowerCase(), object, after)
  }
}

/** The same value when Terraform has read it: what looks like one of its templates is not one. */
function literally(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/([$%])\{/g, '$1$1{')
  if (Array.isArray(value)) return value.map(literally)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, literally(field)]))
}
