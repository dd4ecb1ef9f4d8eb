import type { TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'
import { buildAwsBase, buildAwsCluster } from './bound-stacks.ts'
import { localInputs } from './inputs/local-inputs.ts'
import { keepState, type State } from './inputs/state.ts'
import { LocalClusterStack } from './local/local-cluster-stack.ts'
import { sshInputs } from './inputs/ssh-inputs.ts'
import { SshClusterStack } from './ssh/ssh-cluster-stack.ts'
import type { StackEntry } from './stack-entry.ts'
import { yandexBase } from './yandex/yandex-base.ts'
import { yandexCluster } from './yandex/yandex-cluster.ts'

/** Every stack, each with example inputs in `examples/<name>.json` and its expected synthesis in `golden/<name>.tf.json`. */
export const stacks: readonly StackEntry[] = [
  { name: 'aws-base', bindings: true, build: buildAwsBase },
  { name: 'aws-cluster', bindings: true, build: buildAwsCluster },
  { name: 'local', bindings: false, build: buildLocal },
  { name: 'ssh', bindings: false, build: buildSsh },
  { name: 'yandex-base', bindings: false, build: yandexBase },
  { name: 'yandex-cluster', bindings: false, build: yandexCluster },
]

function buildLocal(app: Construct, inputs: unknown): TerraformStack {
  const cluster = localInputs(inputs)
  return withState(new LocalClusterStack(app, 'local', cluster), cluster)
}

function buildSsh(app: Construct, inputs: unknown): TerraformStack {
  const cluster = sshInputs(inputs)
  return withState(new SshClusterStack(app, 'ssh', cluster), cluster)
}

/** A file lies beside its stack, as `bullpen cluster up` keeps it; elsewhere a cluster's state has the cluster's name. */
function withState(stack: TerraformStack, { cluster, state }: { cluster: string; state: State }): TerraformStack {
  keepState(stack, state, state.kind === 'local' ? 'terraform' : cluster)
  return stack
}
