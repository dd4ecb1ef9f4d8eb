import type { ReportVerdict } from '#core/protocol'
import type { RunState } from '#core/registry'
import { openDatabase, PostgresTaskLedger, type Database } from '#platform/postgres'
import type { ClusterLab } from './cluster-lab.ts'
import type { LabHost } from './lab-network.ts'
import { until } from './until.ts'

/** A lease as the ledger holds it. */
export interface HeldLease {
  readonly key: string
  readonly worker: string
  readonly token: string
}

/** How a task ended, and under which lease. */
export interface EndedTask extends HeldLease {
  /** Code of its error; null when it succeeded. */
  readonly code: string | null
}

/**
 * What the database itself writes down while a run goes on, by triggers: nothing of it depends on what bullpen says of
 * itself, and it outlives the tasks, which are dropped when their run ends.
 */
const schema = `
CREATE SCHEMA journal;
CREATE TABLE journal.leases (run_id text, key text, worker text, attempt integer, token uuid);
CREATE TABLE journal.ends (run_id text, key text, worker text, token uuid, code text);
CREATE FUNCTION journal.tell_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('states', NEW.state || ' ' || NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER INSERT OR UPDATE OF state ON bullpen.runs
  FOR EACH ROW EXECUTE FUNCTION journal.tell_state();
CREATE FUNCTION journal.note_lease() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal.leases VALUES (NEW.run_id, NEW.key, NEW.worker, NEW.attempt, NEW.token);
  RETURN NULL;
END $$;
CREATE TRIGGER journal_lease AFTER UPDATE ON bullpen.tasks FOR EACH ROW
  WHEN (NEW.state = 'leased' AND NEW.token IS DISTINCT FROM OLD.token) EXECUTE FUNCTION journal.note_lease();
CREATE FUNCTION journal.note_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal.ends VALUES (NEW.run_id, NEW.key, NEW.worker, OLD.token, NEW.outcome -> 'error' ->> 'code');
  RETURN NULL;
END $$;
CREATE TRIGGER journal_end AFTER UPDATE ON bullpen.tasks FOR EACH ROW
  WHEN (NEW.state = 'finished' AND OLD.state <> 'finished') EXECUTE FUNCTION journal.note_end();
`

/** The run as PostgreSQL sees it. Keys are without the hash of the payload that the ledger adds to them. */
export class LabJournal {
  private readonly lab: ClusterLab
  private readonly database: Database

  private constructor(lab: ClusterLab, database: Database) {
    this.lab = lab
    this.database = database
  }

  /** Brings the lab's database up to date and starts to write down. */
  static async open(lab: ClusterLab): Promise<LabJournal> {
    const database = await openDatabase({ url: lab.postgres.socketUrl, home: '', onNote: () => undefined })
    await database.query(schema)
    return new LabJournal(lab, database)
  }

  close(): Promise<void> {
    return this.database.close()
  }

  /** The run that next enters `state`; answered as soon as that is stored. Resolves once it listens. */
  async next(state: RunState): Promise<{ readonly runId: Promise<string> }> {
    const client = await this.lab.postgres.connect()
    const runId = new Promise<string>((resolve) => {
      client.on('notification', ({ payload = '' }) => {
        const [told, run] = payload.split(' ')
        if (told === state) resolve(run!)
      })
    })
    await client.query('LISTEN states')
    void runId.then(() => client.end())
    return { runId }
  }

  /** Waits for a lease in force whose key begins so. Which host draws a task is for nobody to say. */
  leased(runId: string, key: string): Promise<HeldLease> {
    return until(`a lease of ${key}`, async () => {
      return (await this.held(runId)).find((lease) => lease.key.startsWith(key))
    })
  }

  /** Which of the lab's hosts holds a lease: its position. */
  hostOf({ worker }: HeldLease): number {
    return this.lab.hosts.findIndex(({ name }) => worker.startsWith(`${name}-`))
  }

  /** Leases in force, of one host or of all. */
  held(runId: string, host?: LabHost): Promise<HeldLease[]> {
    const sql = `SELECT key, worker, token FROM bullpen.tasks
      WHERE run_id = $1 AND state = 'leased' AND worker LIKE $2 ORDER BY key`
    return this.rows<HeldLease>(sql, runId, `${host?.name ?? ''}%`)
  }

  /** Waits until this lease of a task is no longer in force. */
  async lapsed(runId: string, { key, worker }: HeldLease): Promise<void> {
    await until(`the lease of ${key} by ${worker} to lapse`, async () => {
      return (await this.held(runId)).every((lease) => lease.key !== key || lease.worker !== worker)
    })
  }

  /** Keys of tasks that were begun anew, as often as they were. What is leased ahead and given back does not count. */
  async repeated(runId: string): Promise<string[]> {
    const sql = `SELECT key, max(attempt) - 1 AS again FROM journal.leases WHERE run_id = $1 GROUP BY key ORDER BY key`
    const rows = await this.rows<{ key: string; again: number }>(sql, runId)
    return rows.flatMap(({ key, again }) => Array<string>(again).fill(key))
  }

  /** Keys of tasks that were begun anew after a lease of this host. */
  async lostBy(runId: string, host: LabHost): Promise<string[]> {
    const sql = `SELECT DISTINCT lost.key FROM journal.leases lost
      JOIN journal.leases again ON (again.run_id, again.key, again.attempt) = (lost.run_id, lost.key, lost.attempt + 1)
      WHERE lost.run_id = $1 AND lost.worker LIKE $2 ORDER BY lost.key`
    return (await this.rows<{ key: string }>(sql, runId, `${host.name}-%`)).map(({ key }) => key)
  }

  /** What the ledger answers to a result that comes with this lease now. */
  async report({ token }: HeldLease): Promise<ReportVerdict> {
    const at = Date.now()
    const late = { token, startedAt: at, finishedAt: at, ok: true, result: { from: 'a host cut off' } } as const
    return (await new PostgresTaskLedger(this.database).report([late]))[0]!
  }

  /** How every task of the run ended. */
  ends(runId: string): Promise<EndedTask[]> {
    return this.rows('SELECT key, worker, token, code FROM journal.ends WHERE run_id = $1 ORDER BY key', runId)
  }

  /** Once the database answers. */
  private async rows<Row extends { key: string }>(sql: string, ...values: unknown[]): Promise<Row[]> {
    const rows = await until('an answer of PostgreSQL', () => this.database.query<Row>(sql, values).catch(() => null))
    return rows.map((row) => ({ ...row, key: row.key.replace(/@[0-9a-f]+$/, '') }))
  }
}
