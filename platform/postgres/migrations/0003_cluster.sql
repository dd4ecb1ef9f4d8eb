-- Up Migration
-- Tasks that several machines share, with their leases and outcomes, and the agents that serve them.

CREATE TABLE bullpen.tasks (
  run_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  route text COLLATE "C" NOT NULL,
  priority double precision NOT NULL,
  added_at timestamptz NOT NULL,
  position integer NOT NULL,
  attempts integer NOT NULL CHECK (attempts > 0),
  state text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'finished')),
  attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
  worker text COLLATE "C" NOT NULL DEFAULT '',
  lost_workers text[] NOT NULL DEFAULT '{}',
  cancelled text CHECK (cancelled IN ('abort', 'finish')),
  token uuid,
  told_at timestamptz NOT NULL,
  leased_at timestamptz,
  lease_until timestamptz,
  lease_ms double precision,
  ended_at timestamptz,
  duration_ms double precision,
  task json NOT NULL,
  outcome json,
  PRIMARY KEY (run_id, key),
  CHECK ((state = 'leased') <= (token IS NOT NULL AND lease_until IS NOT NULL AND lease_ms IS NOT NULL)),
  CHECK ((state = 'finished') = (outcome IS NOT NULL AND ended_at IS NOT NULL))
) WITH (
  -- Half of a page is kept for the next versions of its rows: a renewal then touches no index.
  fillfactor = 50,
  -- Every task leaves at least two dead rows, and all statements walk the partial indexes they sit in.
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0.05
);
CREATE UNIQUE INDEX tasks_by_token ON bullpen.tasks (token) WHERE token IS NOT NULL;
CREATE INDEX tasks_waiting ON bullpen.tasks (route, told_at) WHERE state = 'waiting';
CREATE INDEX tasks_leased ON bullpen.tasks (worker) WHERE state = 'leased';
CREATE INDEX tasks_finished ON bullpen.tasks (ended_at) WHERE state = 'finished';
COMMENT ON TABLE bullpen.tasks IS 'The task ledger: what waits, who has leased it until when, how it ended.';
COMMENT ON COLUMN bullpen.tasks.position IS 'Place in the call that added it: with added_at, the order of arrival.';
COMMENT ON COLUMN bullpen.tasks.attempt IS 'Attempts made, the running one included; attempts is how many it may have.';
COMMENT ON COLUMN bullpen.tasks.lost_workers IS 'Workers whose lease lapsed: one makes the task suspect, three put it in quarantine.';
COMMENT ON COLUMN bullpen.tasks.token IS 'Fencing token of the current lease, or of the report that ended the last one; null after a lease that lapsed or was given back.';
COMMENT ON COLUMN bullpen.tasks.told_at IS 'When the queue was last told of it; -infinity: not since it waits.';
COMMENT ON COLUMN bullpen.tasks.lease_ms IS 'Length of the lease when last prolonged: a server that has just started waits so long for renewals.';
COMMENT ON COLUMN bullpen.tasks.duration_ms IS 'Of the successful attempt, by the clock of the worker.';

CREATE TABLE bullpen.agents (
  id text PRIMARY KEY CHECK (id <> ''),
  host text NOT NULL,
  pid integer NOT NULL,
  route text NOT NULL,
  threads integer NOT NULL CHECK (threads > 0),
  cores integer NOT NULL CHECK (cores > 0),
  memory_bytes bigint NOT NULL CHECK (memory_bytes > 0),
  engine text NOT NULL,
  versions jsonb NOT NULL,
  price jsonb,
  heartbeat_ms double precision NOT NULL CHECK (heartbeat_ms > 0),
  state text NOT NULL CHECK (state IN ('running', 'draining')),
  busy integer NOT NULL CHECK (busy >= 0),
  done bigint NOT NULL CHECK (done >= 0),
  failed bigint NOT NULL CHECK (failed >= 0),
  joined_at timestamptz NOT NULL,
  heartbeat_at timestamptz NOT NULL,
  left_at timestamptz,
  left_because text,
  CHECK ((left_at IS NULL) = (left_because IS NULL))
) WITH (fillfactor = 70);
COMMENT ON TABLE bullpen.agents IS 'Worker agents by their heartbeats; who is lost follows from heartbeat_at by the clock of the database.';
