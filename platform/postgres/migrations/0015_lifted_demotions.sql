-- Up Migration
-- A demotion can be lifted, by a person and with a reason; what was lifted stays, and drift that is confirmed again demotes again.

ALTER TABLE bullpen.drift_actions
  ADD COLUMN lifted_at timestamptz(3),
  ADD COLUMN lifted_by text CHECK (lifted_by ~ '\S'),
  ADD COLUMN lifted_why text CHECK (lifted_why ~ '\S'),
  ADD CONSTRAINT drift_lift_is_whole CHECK (num_nulls(lifted_at, lifted_by, lifted_why) IN (0, 3)),
  ADD CONSTRAINT drift_lifts_demotions CHECK (lifted_at IS NULL OR kind = 'hold-only'),
  DROP CONSTRAINT drift_acts_once;
CREATE UNIQUE INDEX drift_acts_once ON bullpen.drift_actions (version, symbol, width_ms, kind) WHERE lifted_at IS NULL;
COMMENT ON COLUMN bullpen.drift_actions.lifted_at IS 'When somebody let the demoted version act again.';
