import { openDatabase, type Database } from '#platform/postgres'
import type { TrainingOutcome } from '../../coordinator/training/training-outcome.ts'
import type { RentedCommand } from '../../test/rentals/testing/rented-place.ts'

/** Seconds of one weekly run, from the start of its command unless said otherwise. */
export interface WeekTimes {
  /** Until the agents had joined. */
  readonly up: number
  /** Until the first task was leased. */
  readonly firstTask: number
  /** In XGBoost, the sum over the tasks by the number of threads. */
  readonly training: number
  /** From the first word of the teardown until nothing was left. */
  readonly down: number
  /** Until the command had ended. */
  readonly wall: number
}

/** First leases of runs: the tasks themselves are dropped when their run is done. */
const journal = `
CREATE TABLE public.first_leases (run_id text PRIMARY KEY, at timestamptz NOT NULL);
CREATE FUNCTION public.note_lease() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.first_leases VALUES (NEW.run_id, clock_timestamp()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER bench AFTER UPDATE ON bullpen.tasks FOR EACH ROW
  WHEN (NEW.state = 'leased' AND OLD.state = 'waiting') EXECUTE FUNCTION public.note_lease();
`

/** Times weekly runs by what they say, and their first task by the database, whose clock is this machine's. */
export class WeekClock {
  private readonly database: Database

  private constructor(database: Database) {
    this.database = database
  }

  static async open(where: { readonly url?: string; readonly home: string }): Promise<WeekClock> {
    const database = await openDatabase({ ...where, onNote: () => undefined })
    await database.query(journal)
    return new WeekClock(database)
  }

  /** Runs it to its end. Throws when it fails. */
  async time(start: () => RentedCommand): Promise<WeekTimes> {
    const startedAt = Date.now()
    const command = start()
    const since = async (words: RegExp): Promise<number> => {
      await command.saw(words)
      return (Date.now() - startedAt) / 1000
    }
    const marks = Promise.all([since(/have joined the fleet/), since(/: tearing down/), since(/: down\n/)])
    const [{ status, stdout, stderr }, [up, tearing, gone]] = await Promise.all([command.done, marks])
    const wall = (Date.now() - startedAt) / 1000
    if (status !== 0) throw new Error(`ended with ${String(status)}:\n${stderr}`)
    const { runId, timing } = JSON.parse(stdout) as TrainingOutcome
    const firstTask = ((await this.firstLease(runId)) - startedAt) / 1000
    return { up, firstTask, training: timing.trainingMs / 1000, down: gone - tearing, wall }
  }

  close(): Promise<void> {
    return this.database.close()
  }

  private async firstLease(runId: string): Promise<number> {
    const sql = 'SELECT at FROM public.first_leases WHERE run_id = $1'
    const [row] = await this.database.query<{ at: number }>(sql, [runId])
    return row!.at
  }
}
