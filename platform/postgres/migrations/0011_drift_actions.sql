-- Up Migration
-- What watching a model led to: each consequence once, whichever replica saw the drift first.

CREATE TABLE bullpen.drift_actions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('hold-only', 'rolled-back', 'retrain-wanted')),
  version integer NOT NULL CHECK (version > 0),
  symbol text NOT NULL CHECK (symbol <> ''),
  width_ms bigint NOT NULL CHECK (width_ms > 0),
  at timestamptz(3) NOT NULL,
  reason text NOT NULL CHECK (reason ~ '\S'),
  settled_at timestamptz(3) CHECK (settled_at IS NULL OR kind = 'retrain-wanted'),
  CONSTRAINT drift_acts_once UNIQUE (version, symbol, width_ms, kind)
);
CREATE INDEX drift_actions_open ON bullpen.drift_actions (symbol, width_ms) WHERE settled_at IS NULL;
COMMENT ON TABLE bullpen.drift_actions IS 'Consequences of drift: a version that only holds, one rolled back from, a wish for retraining.';
COMMENT ON COLUMN bullpen.drift_actions.version IS 'No foreign key: a model served from a local cache answers also when its registry is another or older one.';
COMMENT ON COLUMN bullpen.drift_actions.settled_at IS 'When a run answered the wish for retraining.';
