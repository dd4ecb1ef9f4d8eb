-- Up Migration
-- What the promotion gate decided, and aliases that move only as it lets them. The rule is kept here, by triggers, so
-- that it holds for every program that writes; docs/decisions/0015-promotion-gate.md says why.

CREATE TABLE bullpen.promotion_decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alias text NOT NULL CHECK (alias ~ '^[a-z][a-z0-9-]{0,62}$'),
  challenger integer NOT NULL REFERENCES bullpen.model_versions (version),
  champion integer REFERENCES bullpen.model_versions (version),
  run_id text,
  verdict text NOT NULL CHECK (verdict IN ('promote', 'refuse')),
  reason text NOT NULL,
  decision jsonb NOT NULL CHECK (jsonb_typeof(decision) = 'object'),
  override_reason text CHECK (override_reason ~ '\S'),
  override_by text CHECK (override_by ~ '\S'),
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT reason_bears_verdict CHECK (CASE verdict
    WHEN 'promote' THEN reason IN ('first-version', 'better', 'champion-cannot-answer', 'override')
    ELSE reason IN ('too-few-rows', 'not-better', 'worse-log-loss', 'champion-of-another-series') END),
  CONSTRAINT first_version_beats_nobody CHECK (reason = 'override' OR (reason = 'first-version') = (champion IS NULL)),
  CONSTRAINT override_has_words CHECK
    ((reason = 'override') = (override_reason IS NOT NULL) AND (reason = 'override') = (override_by IS NOT NULL)),
  CONSTRAINT run_decides_unless_overridden CHECK ((reason = 'override') = (run_id IS NULL)),
  CONSTRAINT better_is_what_the_numbers_say CHECK (reason <> 'better' OR coalesce(
    decision #>> '{evidence,against}' = 'champion'
    AND (decision #>> '{evidence,rows}')::bigint >= (decision #>> '{evidence,rowsNeeded}')::bigint
    AND (decision #>> '{evidence,afterFeeReturn,lower}')::float8
      > (decision #>> '{evidence,afterFeeReturn,minimumEffect}')::float8
    AND (decision #>> '{evidence,logLoss,upper}')::float8 >= 0, false))
);
CREATE INDEX promotion_decisions_by_alias ON bullpen.promotion_decisions (alias, id);
CREATE INDEX promotion_decisions_by_challenger ON bullpen.promotion_decisions (challenger);
CREATE INDEX promotion_decisions_by_champion ON bullpen.promotion_decisions (champion);
COMMENT ON TABLE bullpen.promotion_decisions IS 'Whether a version may take an alias from its champion, and why: one row per judgement or override, append-only.';
COMMENT ON COLUMN bullpen.promotion_decisions.champion IS 'The version the challenger was judged against; null when the alias pointed at none.';
COMMENT ON COLUMN bullpen.promotion_decisions.decision IS 'The sentence and the evidence: rows, block, draws, seed, trials, both differences with their intervals.';
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON bullpen.promotion_decisions
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.refuse_change();

ALTER TABLE bullpen.alias_moves ADD COLUMN decision_id bigint UNIQUE REFERENCES bullpen.promotion_decisions (id);
COMMENT ON COLUMN bullpen.alias_moves.decision_id IS 'The decision that let a guarded alias move; none lets it move twice.';

CREATE FUNCTION bullpen.is_guarded(alias text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN alias = 'champion' OR alias LIKE 'champion-%';
COMMENT ON FUNCTION bullpen.is_guarded IS 'Aliases that answer people and move only with a decision.';

CREATE FUNCTION bullpen.guard_alias_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  incumbent integer;
BEGIN
  IF NOT bullpen.is_guarded(NEW.alias) OR NEW.version IS NULL THEN RETURN NEW; END IF;
  -- One mover of an alias at a time: what is read next is what the move starts from.
  PERFORM pg_advisory_xact_lock(hashtextextended('bullpen alias ' || NEW.alias, 0));
  SELECT version INTO incumbent FROM bullpen.alias_moves
    WHERE alias = NEW.alias AND version IS NOT NULL ORDER BY id DESC LIMIT 1;
  IF NEW.version = incumbent THEN RETURN NEW; END IF;
  IF NEW.kind = 'rollback' THEN
    IF EXISTS (SELECT FROM bullpen.alias_moves WHERE alias = NEW.alias AND version = NEW.version) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'alias % never pointed at version %', NEW.alias, NEW.version
      USING ERRCODE = 'BP001', DETAIL = 'never-champion';
  END IF;
  IF NEW.decision_id IS NULL THEN
    RAISE EXCEPTION 'alias % moves to version % without a decision', NEW.alias, NEW.version
      USING ERRCODE = 'BP001', DETAIL = 'no-decision';
  END IF;
  IF NOT EXISTS (
    SELECT FROM bullpen.promotion_decisions d
    WHERE d.id = NEW.decision_id AND d.alias = NEW.alias AND d.challenger = NEW.version AND d.verdict = 'promote'
      AND d.champion IS NOT DISTINCT FROM incumbent
  ) THEN
    RAISE EXCEPTION 'decision % does not let version % take alias % from version %',
      NEW.decision_id, NEW.version, NEW.alias, coalesce(incumbent::text, 'none')
      USING ERRCODE = 'BP001', DETAIL = 'champion-changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guarded BEFORE INSERT ON bullpen.alias_moves
  FOR EACH ROW EXECUTE FUNCTION bullpen.guard_alias_move();

CREATE FUNCTION bullpen.guard_alias() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF NOT bullpen.is_guarded(OLD.name) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'alias % is guarded and stays', OLD.name USING ERRCODE = 'BP001', DETAIL = 'no-decision';
  END IF;
  IF EXISTS (
    SELECT FROM bullpen.alias_moves m WHERE m.id = NEW.move_id AND m.alias = NEW.name AND m.version = NEW.version
      AND NOT EXISTS (SELECT FROM bullpen.alias_moves later WHERE later.alias = m.alias AND later.id > m.id)
  ) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'alias % points at version % without a move that took it there', NEW.name, NEW.version
    USING ERRCODE = 'BP001', DETAIL = 'no-decision';
END $$;
CREATE TRIGGER guarded BEFORE INSERT OR UPDATE OR DELETE ON bullpen.aliases
  FOR EACH ROW EXECUTE FUNCTION bullpen.guard_alias();
COMMENT ON FUNCTION bullpen.guard_alias IS 'An alias points where its newest move took it, and nowhere else.';
