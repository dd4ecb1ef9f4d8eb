-- Up Migration
-- What is due when, and the one run of each due time, whoever of many schedulers claims it first.

CREATE TABLE bullpen.schedules (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{0,30}$'),
  cron text NOT NULL CHECK (cron <> ''),
  since timestamptz(3) NOT NULL
);
COMMENT ON TABLE bullpen.schedules IS 'Schedules that somebody keeps. Due times after since count; cron is in UTC.';

CREATE TABLE bullpen.scheduled_runs (
  schedule text NOT NULL REFERENCES bullpen.schedules (name),
  due timestamptz(3) NOT NULL,
  state text NOT NULL CHECK (state IN ('claimed', 'done', 'failed', 'missed')),
  claimed_by text NOT NULL DEFAULT '',
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  token uuid,
  claimed_at timestamptz(3),
  claim_until timestamptz,
  runs jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(runs) = 'object'),
  ended_at timestamptz(3),
  reason text,
  PRIMARY KEY (schedule, due),
  CHECK ((state = 'claimed') = (ended_at IS NULL)),
  CHECK (state <> 'claimed' OR (token IS NOT NULL AND claim_until IS NOT NULL))
);
COMMENT ON TABLE bullpen.scheduled_runs IS 'What became of each due time: at most one row, claimed by compare-and-set.';
COMMENT ON COLUMN bullpen.scheduled_runs.token IS 'Fences what the claimer writes; another after each claim.';
COMMENT ON COLUMN bullpen.scheduled_runs.claim_until IS 'By the clock of the database; a claim that is not renewed lapses and another goes on with runs.';
COMMENT ON COLUMN bullpen.scheduled_runs.runs IS 'Runs begun for it by source of candles, each written before the run is.';
