import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase, type Database } from '#platform/postgres'
import { RedisServer } from '#platform/queue/testing'
import type { TrainingOutcome } from '../../coordinator/training/training-outcome.ts'

const program = resolve(import.meta.dirname, '../../coordinator/main/bullpen.js')

/** The search stage of one run. Times in ms. */
export interface SearchFigures {
  readonly trials: number
  readonly wallMs: number
  /** Inside XGBoost, summed over the tasks. */
  readonly fitMs: number
  /** Inside the tasks on their threads (fit, prediction, scores, the way to the thread and back), summed. */
  readonly taskMs: number
}

/** Ends of tasks with their times by the worker's clock: the tasks themselves are dropped when their run is done. */
const journal = `
CREATE TABLE public.ends (run_id text, key text, ms double precision);
CREATE FUNCTION public.note_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.ends VALUES (NEW.run_id, NEW.key, NEW.duration_ms);
  RETURN NULL;
END $$;
CREATE TRIGGER bench AFTER UPDATE ON bullpen.tasks FOR EACH ROW
  WHEN (NEW.state = 'finished' AND OLD.state <> 'finished') EXECUTE FUNCTION public.note_end();
`

/** A Redis, an embedded PostgreSQL as the product runs it (fsync on), and agents, all in processes of their own. */
export class BenchCluster {
  readonly agents: ChildProcess[] = []
  private readonly home: string
  private readonly redis: RedisServer
  private readonly database: Database

  static async open(): Promise<BenchCluster> {
    const home = mkdtempSync(join(tmpdir(), 'bullpen-bench-'))
    const redis = await RedisServer.start({ password: 'bench', appendonly: true })
    const database = await openDatabase({ home, onNote: () => undefined })
    await database.query(journal)
    return new BenchCluster(home, redis, database)
  }

  private constructor(home: string, redis: RedisServer, database: Database) {
    this.home = home
    this.redis = redis
    this.database = database
  }

  /** Starts an agent of one thread. */
  startAgent(): ChildProcess {
    const agent = this.bullpen(['worker', '--threads', '1'])
    this.agents.push(agent)
    return agent
  }

  /** Runs a training to its end. */
  async train(args: readonly string[]): Promise<SearchFigures> {
    const child = this.startTraining(args)
    let stdout = ''
    for await (const chunk of child.stdout!) stdout += String(chunk)
    const { runId, search, stages } = JSON.parse(stdout) as TrainingOutcome
    const { ms, fitMs } = stages.find(({ stage }) => stage === 'search')!
    const sql = `SELECT sum(ms) AS ms FROM public.ends WHERE run_id = $1 AND key LIKE 'search/%'`
    const [row] = await this.database.query<{ ms: number }>(sql, [runId])
    return { trials: search.trials.length, wallMs: ms, fitMs, taskMs: row!.ms }
  }

  startTraining(args: readonly string[]): ChildProcess {
    return this.bullpen(['train', ...args, '--json'])
  }

  /** The lease in force of the first fold found, of the agent with this pid when given; waits for one. */
  async leasedFold(pid?: number): Promise<{ readonly key: string; readonly worker: string }> {
    for (;;) {
      const sql = `SELECT key, worker FROM bullpen.tasks WHERE key LIKE 'search/%' AND state = 'leased'`
      const rows = await this.database.query<{ key: string; worker: string }>(sql)
      const found = rows.find(({ worker }) => pid === undefined || worker.includes(`-${pid}-`))
      if (found) return found
      await delay(2)
    }
  }

  /** Waits until the task is leased to somebody else. */
  async leasedByAnother({ key, worker }: { readonly key: string; readonly worker: string }): Promise<void> {
    for (;;) {
      const sql = `SELECT 1 FROM bullpen.tasks WHERE key = $1 AND state = 'leased' AND worker <> $2`
      if ((await this.database.query(sql, [key, worker])).length > 0) return
      await delay(2)
    }
  }

  async close(): Promise<void> {
    for (const agent of this.agents) await end(agent, 'SIGTERM')
    await this.database.close()
    await this.redis.stop()
    rmSync(this.home, { recursive: true, force: true })
  }

  private bullpen(args: readonly string[]): ChildProcess {
    const { PATH, HOME } = process.env
    return spawn(process.execPath, [program, ...args], {
      env: { PATH, HOME, BULLPEN_HOME: this.home, REDIS_URL: this.redis.url },
      stdio: ['ignore', 'pipe', process.env['BENCH_VERBOSE'] ? 'inherit' : 'ignore'],
    })
  }
}

/** Sends a signal and waits until the process has gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}
