import { DataResource, TerraformOutput, TerraformStack, type LocalExecProvisioner } from 'cdktn'
import type { Construct } from 'constructs'
import { clearScript, endScript, startScript } from '../processes/process-scripts.ts'
import { agentCommand, redisCommand, type AgentSettings, type RentedProcess } from '../processes/rented-process.ts'
import { shellWords, terraformText } from '../processes/shell-words.ts'

/** A cluster of processes on this machine. */
export interface LocalCluster {
  readonly cluster: string
  /** BULLPEN_HOME of its processes, absolute: they keep what is theirs in `<home>/clusters/<cluster>`. */
  readonly home: string
  readonly redis: RentedProcess
  /** Free port of the loopback interface. */
  readonly redisPort: number
  readonly workers: readonly RentedProcess[]
  readonly agents: AgentSettings
}

const loopback = '127.0.0.1'

/**
 * A redis-server and agents as processes, without a provider plugin. Each is a `terraform_data` whose create command
 * starts it detached and waits until it serves, and whose destroy command ends it. Terraform cannot see that a process
 * has died: whoever makes the stack looks, and gives its generation.
 */
export class LocalClusterStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: LocalCluster) {
    super(scope, id)
    const { cluster, home, redis, redisPort, workers, agents } = props
    const folder = `${home}/clusters/${cluster}`
    const place = new DataResource(this, 'folder', {
      input: { home, rental: `${cluster}/folder` },
      provisioners: [onDestroy(clearScript)],
    })
    const server = new DataResource(this, redis.name, {
      dependsOn: [place],
      input: { home, rental: redis.rental },
      triggersReplace: { rental: redis.rental, generation: redis.generation },
      provisioners: startAndEnd(home, redis, ['redis', loopback, String(redisPort), ...redisCommand(redis, folder)]),
    })
    for (const worker of workers) {
      const words = ['worker', loopback, String(redisPort), ...agentCommand(worker, agents)]
      new DataResource(this, worker.name, {
        dependsOn: [server],
        input: { home, rental: worker.rental },
        triggersReplace: { rental: worker.rental, generation: worker.generation, redis_port: redisPort },
        provisioners: startAndEnd(home, worker, words),
      })
    }
    new TerraformOutput(this, 'redis_url', { value: `redis://${loopback}:${redisPort}` })
    new TerraformOutput(this, 'redis_password_file', { value: `${folder}/redis.password` })
    new TerraformOutput(this, 'workers', { value: workers.map(({ name }) => ({ name, place: loopback })) })
  }
}

function startAndEnd(home: string, { rental }: RentedProcess, words: readonly string[]): LocalExecProvisioner[] {
  const start: LocalExecProvisioner = {
    type: 'local-exec',
    interpreter: ['/bin/sh', '-c', terraformText(startScript)],
    command: terraformText(shellWords(words)),
    environment: { BULLPEN_HOME: terraformText(home), BULLPEN_RENTAL: rental },
  }
  return [start, onDestroy(endScript)]
}

/** Destroy commands know only what the resource itself holds. */
function onDestroy(script: string): LocalExecProvisioner {
  return {
    type: 'local-exec',
    when: 'destroy',
    interpreter: ['/bin/sh', '-c', terraformText(script)],
    command: 'end',
    environment: { BULLPEN_HOME: '${self.output.home}', BULLPEN_RENTAL: '${self.output.rental}' },
  }
}
