-- Up Migration
-- When a run was worked on: of each hold its time, kept when it is over, so that what a resumed run cost is known whole.

CREATE TABLE bullpen.held_times (
  token uuid PRIMARY KEY,
  run_id text NOT NULL REFERENCES bullpen.runs (id),
  began_at timestamptz(3) NOT NULL,
  seen_at timestamptz(3) NOT NULL CHECK (seen_at >= began_at)
);
CREATE INDEX held_times_of_run ON bullpen.held_times (run_id, began_at);
COMMENT ON TABLE bullpen.held_times IS 'Holds of runs, also past ones; seen_at is the last renewal or the end, by the clock of the database.';
