-- Up Migration
-- Which coordinator works on a run. A hold that is not renewed lapses; its token fences what its holder writes.

CREATE TABLE bullpen.run_holds (
  run_id text PRIMARY KEY REFERENCES bullpen.runs (id),
  holder text NOT NULL CHECK (holder <> ''),
  token uuid NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
COMMENT ON TABLE bullpen.run_holds IS 'The coordinator that may write a run, one at a time; expires_at is by the clock of the database.';
