-- Up Migration
-- The first tables: candles with their revisions, runs with all they did, model versions with their aliases.
-- Times of people and machines are timestamptz in whole milliseconds; open times of candles stay milliseconds since
-- the epoch, because they are positions on a grid and are compared and joined exactly.

CREATE TABLE bullpen.candle_series (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol text NOT NULL CHECK (symbol <> ''),
  width_ms bigint NOT NULL CHECK (width_ms > 0),
  last_seen timestamptz(3) NOT NULL,
  UNIQUE (symbol, width_ms)
);
COMMENT ON TABLE bullpen.candle_series IS 'One row per symbol and bar width.';
COMMENT ON COLUMN bullpen.candle_series.last_seen IS 'Latest first_seen of its bars and revisions: times of revisions never run backwards.';

CREATE TABLE bullpen.candles (
  series_id integer NOT NULL REFERENCES bullpen.candle_series (id),
  open_time bigint NOT NULL,
  open double precision NOT NULL,
  high double precision NOT NULL,
  low double precision NOT NULL,
  close double precision NOT NULL,
  volume double precision NOT NULL,
  first_seen timestamptz(3) NOT NULL,
  PRIMARY KEY (series_id, open_time)
);
COMMENT ON TABLE bullpen.candles IS 'Bars with the values and the time they were first seen with. Never updated.';
COMMENT ON COLUMN bullpen.candles.open_time IS 'Milliseconds since the epoch, UTC.';

CREATE TABLE bullpen.candle_revisions (
  series_id integer NOT NULL,
  open_time bigint NOT NULL,
  revision integer NOT NULL CHECK (revision > 0),
  open double precision NOT NULL,
  high double precision NOT NULL,
  low double precision NOT NULL,
  close double precision NOT NULL,
  volume double precision NOT NULL,
  first_seen timestamptz(3) NOT NULL,
  PRIMARY KEY (series_id, open_time, revision),
  FOREIGN KEY (series_id, open_time) REFERENCES bullpen.candles (series_id, open_time)
);
COMMENT ON TABLE bullpen.candle_revisions IS 'Later, different values of a bar, in the order they were seen; the highest revision holds.';

CREATE TABLE bullpen.runs (
  id text PRIMARY KEY CHECK (id <> ''),
  state text NOT NULL CHECK (state IN
    ('created', 'features', 'selection', 'search', 'fit', 'register', 'done', 'failed', 'interrupted')),
  spec jsonb NOT NULL CHECK (jsonb_typeof(spec) = 'object'),
  error json,
  summary jsonb,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL CHECK (updated_at >= created_at),
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);
COMMENT ON TABLE bullpen.runs IS 'Training runs. spec decides the outcome and never changes; state says how far the run is.';
COMMENT ON COLUMN bullpen.runs.number IS 'Order of creation.';

CREATE TABLE bullpen.data_sets (
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  kind text NOT NULL CHECK (kind <> ''),
  "rows" bigint NOT NULL CHECK ("rows" >= 0),
  columns integer NOT NULL CHECK (columns >= 0),
  PRIMARY KEY (sha256, kind)
);
COMMENT ON TABLE bullpen.data_sets IS 'Data sets by the hash of their content, which is also their key in the object store.';

CREATE TABLE bullpen.run_data_sets (
  run_id text NOT NULL REFERENCES bullpen.runs (id),
  kind text NOT NULL,
  sha256 text NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (run_id, kind, sha256),
  FOREIGN KEY (sha256, kind) REFERENCES bullpen.data_sets (sha256, kind)
);
CREATE INDEX run_data_sets_by_data_set ON bullpen.run_data_sets (sha256, kind);
COMMENT ON TABLE bullpen.run_data_sets IS 'Which run used which data set.';

CREATE TABLE bullpen.run_tasks (
  run_id text NOT NULL REFERENCES bullpen.runs (id),
  key text NOT NULL,
  result json NOT NULL,
  PRIMARY KEY (run_id, key)
);
COMMENT ON TABLE bullpen.run_tasks IS 'Results of finished tasks by their deterministic key: a resumed run repeats only what is missing here.';

CREATE TABLE bullpen.trials (
  run_id text NOT NULL REFERENCES bullpen.runs (id),
  number integer NOT NULL CHECK (number >= 0),
  state text NOT NULL CHECK (state IN ('complete', 'pruned', 'failed')),
  parameters jsonb NOT NULL,
  score double precision,
  metrics jsonb NOT NULL,
  duration_ms double precision NOT NULL CHECK (duration_ms >= 0),
  PRIMARY KEY (run_id, number)
);
CREATE INDEX trials_by_score ON bullpen.trials (run_id, score DESC) WHERE state = 'complete';
COMMENT ON TABLE bullpen.trials IS 'Finished trials of the search.';

CREATE TABLE bullpen.folds (
  run_id text NOT NULL,
  trial integer NOT NULL,
  fold integer NOT NULL CHECK (fold >= 0),
  metrics jsonb NOT NULL,
  PRIMARY KEY (run_id, trial, fold),
  FOREIGN KEY (run_id, trial) REFERENCES bullpen.trials (run_id, number)
);
COMMENT ON TABLE bullpen.folds IS 'Metrics of each fold of each trial.';

CREATE TABLE bullpen.model_versions (
  version integer PRIMARY KEY CHECK (version > 0),
  run_id text NOT NULL UNIQUE CHECK (run_id <> ''),
  manifest jsonb NOT NULL CHECK (jsonb_typeof(manifest) = 'object'),
  model_sha256 text NOT NULL GENERATED ALWAYS AS (manifest -> 'model' ->> 'sha256') STORED
    CHECK (model_sha256 ~ '^[0-9a-f]{64}$'),
  feature_set_hash text NOT NULL GENERATED ALWAYS AS (manifest -> 'contract' ->> 'featureSetHash') STORED,
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX model_versions_by_model ON bullpen.model_versions (model_sha256);
COMMENT ON TABLE bullpen.model_versions IS 'Registered models, one immutable manifest each; rows are never updated or deleted.';

CREATE TABLE bullpen.alias_moves (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alias text NOT NULL CHECK (alias ~ '^[a-z][a-z0-9-]{0,62}$'),
  version integer REFERENCES bullpen.model_versions (version),
  kind text NOT NULL CHECK (kind IN ('move', 'rollback')),
  at timestamptz(3) NOT NULL,
  reason text NOT NULL
);
CREATE INDEX alias_moves_by_alias ON bullpen.alias_moves (alias, at, id);
CREATE INDEX alias_moves_by_version ON bullpen.alias_moves (version);
COMMENT ON TABLE bullpen.alias_moves IS 'Every move of every alias, append-only: answers who was champion at any time.';

CREATE TABLE bullpen.aliases (
  name text PRIMARY KEY,
  version integer NOT NULL REFERENCES bullpen.model_versions (version),
  move_id bigint NOT NULL REFERENCES bullpen.alias_moves (id)
);
COMMENT ON TABLE bullpen.aliases IS 'Where each alias points now: the version of its last move.';

CREATE FUNCTION bullpen.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON bullpen.model_versions
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON bullpen.alias_moves
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON bullpen.candles
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON bullpen.candle_revisions
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.refuse_change();
CREATE TRIGGER spec_is_immutable BEFORE UPDATE OF id, spec, created_at ON bullpen.runs
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.refuse_change();
