import { buildAwsBase, buildAwsCluster } from './bound-stacks.ts'
import { localInputs } from './inputs/local-inputs.ts'
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
  { name: 'local', bindings: false, build: (app, inputs) => new LocalClusterStack(app, 'local', localInputs(inputs)) },
  { name: 'ssh', bindings: false, build: (app, inputs) => new SshClusterStack(app, 'ssh', sshInputs(inputs)) },
  { name: 'yandex-base', bindings: false, build: yandexBase },
  { name: 'yandex-cluster', bindings: false, build: yandexCluster },
]
