import type { TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'
import { buildAwsBase, buildAwsCluster } from './bound-stacks.ts'
import { localInputs } from './inputs/local-inputs.ts'
import { keepState } from './inputs/state.ts'
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

/** Beside its stack, as `bullpen cluster up` keeps it: without a backend the construct library names the current folder. */
function buildLocal(app: Construct, inputs: unknown): TerraformStack {
  const stack = new LocalClusterStack(app, 'local', localInputs(inputs))
  keepState(stack, { kind: 'local' }, 'terraform')
  return stack
}

/** The same, for hosts that are there already. */
function buildSsh(app: Construct, inputs: unknown): TerraformStack {
  const stack = new SshClusterStack(app, 'ssh', sshInputs(inputs))
  keepState(stack, { kind: 'local' }, 'terraform')
  return stack
}
