-- Up Migration
-- A person may reinstate a demoted version; what was demoted stays on record, and drift that is confirmed again demotes again.

ALTER TABLE bullpen.drift_actions
  ADD COLUMN reinstated_at timestamptz(3),
  ADD COLUMN reinstated_by text CHECK (reinstated_by ~ '\S'),
  ADD COLUMN reinstated_why text CHECK (reinstated_why ~ '\S'),
  ADD CONSTRAINT reinstatement_is_whole CHECK (num_nulls(reinstated_at, reinstated_by, reinstated_why) IN (0, 3)),
  ADD CONSTRAINT demotions_are_reinstated CHECK (reinstated_at IS NULL OR kind = 'hold-only'),
  DROP CONSTRAINT drift_acts_once;
CREATE UNIQUE INDEX drift_acts_once ON bullpen.drift_actions (version, symbol, width_ms, kind) WHERE reinstated_at IS NULL;
COMMENT ON COLUMN bullpen.drift_actions.reinstated_at IS 'When somebody let the demoted version act again.';
