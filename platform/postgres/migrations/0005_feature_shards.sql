-- Up Migration
-- Which object holds the features of a row range. The key says everything they are computed from, so rows never go stale.

CREATE TABLE bullpen.feature_shards (
  key text PRIMARY KEY CHECK (key ~ '^[0-9a-f]{64}$'),
  object text NOT NULL CHECK (object ~ '^[0-9a-f]{64}$'),
  rows integer NOT NULL CHECK (rows > 0),
  columns integer NOT NULL CHECK (columns > 0),
  start_state text NOT NULL,
  end_state text NOT NULL,
  recorded_at timestamptz(3) NOT NULL DEFAULT now()
);
COMMENT ON TABLE bullpen.feature_shards IS 'An index of computed features; losing it costs computing time, nothing else.';
