-- Up Migration
-- The outbox of webhooks. What runs and aliases do is written down here by triggers, in the transaction in which it
-- becomes true, so that a crash loses no event and none is told that did not happen.

CREATE TABLE bullpen.webhook_endpoints (
  id text PRIMARY KEY CHECK (id <> ''),
  description text NOT NULL,
  seen_at timestamptz(3) NOT NULL
);
COMMENT ON TABLE bullpen.webhook_endpoints IS 'Endpoints that programs are configured with; id follows from the address, which is secret and not here.';

CREATE TABLE bullpen.webhook_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE CHECK (key <> ''),
  kind text NOT NULL CHECK (kind <> ''),
  at timestamptz(3) NOT NULL,
  facts json NOT NULL
);
CREATE INDEX webhook_events_by_time ON bullpen.webhook_events (at);
COMMENT ON TABLE bullpen.webhook_events IS 'What happened that endpoints are told of; key makes telling again harmless.';
COMMENT ON COLUMN bullpen.webhook_events.facts IS 'json, not jsonb: the order of the facts is that of the message.';

CREATE TABLE bullpen.webhook_deliveries (
  event_id bigint NOT NULL REFERENCES bullpen.webhook_events (id) ON DELETE CASCADE,
  endpoint text NOT NULL REFERENCES bullpen.webhook_endpoints (id) ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given-up')),
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_at timestamptz(3) NOT NULL,
  token uuid,
  status integer,
  reason text,
  PRIMARY KEY (event_id, endpoint)
);
CREATE INDEX webhook_deliveries_pending ON bullpen.webhook_deliveries (endpoint, next_at) WHERE state = 'pending';
COMMENT ON TABLE bullpen.webhook_deliveries IS 'Each event for each endpoint: told at least once, or given up.';
COMMENT ON COLUMN bullpen.webhook_deliveries.next_at IS 'When it is due; while somebody has claimed it, when that claim lapses.';

CREATE FUNCTION bullpen.address_webhook_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO bullpen.webhook_deliveries (event_id, endpoint, next_at)
    SELECT NEW.id, id, NEW.at FROM bullpen.webhook_endpoints WHERE seen_at > NEW.at - interval '30 days';
  RETURN NEW;
END $$;
CREATE TRIGGER addressed AFTER INSERT ON bullpen.webhook_events
  FOR EACH ROW EXECUTE FUNCTION bullpen.address_webhook_event();

-- Whatever goes wrong in telling must not undo what is told of: it becomes a warning in the log of the server.
CREATE FUNCTION bullpen.tell_webhooks(kind text, key text, at timestamptz, facts json) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO bullpen.webhook_events (key, kind, at, facts) VALUES (kind || '/' || key, kind, at, facts)
    ON CONFLICT DO NOTHING;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'webhook event % %: %', kind, key, SQLERRM;
END $$;

CREATE FUNCTION bullpen.tell_of_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM bullpen.tell_webhooks('run.started', NEW.id, NEW.created_at, json_build_object(
      'run', NEW.id, 'symbol', NEW.spec #>> '{candles,symbol}', 'source', NEW.spec #>> '{candles,source}',
      'trials', (NEW.spec #>> '{search,trials}')::integer));
  ELSIF NEW.state = 'done' AND OLD.state <> 'done' THEN
    PERFORM bullpen.tell_webhooks('run.finished', NEW.id, NEW.updated_at, json_build_object(
      'run', NEW.id, 'version', (NEW.summary #>> '{model,version}')::integer,
      'champion', (NEW.summary #>> '{model,champion}')::boolean, 'verdict', NEW.summary ->> 'verdict',
      'symbol', NEW.summary #>> '{candle,symbol}',
      'auc', round((NEW.summary #>> '{metrics,heldOut,rocAucOvrWeighted}')::numeric, 4),
      'naive', round((NEW.summary #>> '{metrics,heldOut,naiveRocAucOvrWeighted}')::numeric, 4),
      'promotion', left(NEW.summary #>> '{promotion,text}', 500), 'cost', NEW.summary #>> '{cost,words}'));
  ELSIF NEW.state IN ('failed', 'interrupted') AND OLD.state <> NEW.state THEN
    PERFORM bullpen.tell_webhooks('run.failed', NEW.id || '/' || to_char(NEW.updated_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS'),
      NEW.updated_at, json_build_object(
      'run', NEW.id, 'code', NEW.error ->> 'code', 'message', left(NEW.error ->> 'message', 500), 'after', OLD.state));
  END IF;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'webhook event of run %: %', NEW.id, SQLERRM;
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_told AFTER INSERT OR UPDATE OF state ON bullpen.runs
  FOR EACH ROW EXECUTE FUNCTION bullpen.tell_of_run();

CREATE FUNCTION bullpen.tell_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verdict = 'refuse' THEN
    PERFORM bullpen.tell_webhooks('model.refused', 'decision-' || NEW.id, NEW.created_at, json_build_object(
      'alias', NEW.alias, 'version', NEW.challenger, 'reason', NEW.reason, 'champion', NEW.champion,
      'run', NEW.run_id, 'text', left(NEW.decision ->> 'text', 500)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_told AFTER INSERT ON bullpen.promotion_decisions
  FOR EACH ROW EXECUTE FUNCTION bullpen.tell_of_decision();

CREATE FUNCTION bullpen.tell_of_alias_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF bullpen.is_guarded(NEW.alias) AND NEW.version IS NOT NULL THEN
    PERFORM bullpen.tell_webhooks(
      CASE NEW.kind WHEN 'rollback' THEN 'model.rolled-back' ELSE 'model.promoted' END, 'move-' || NEW.id, NEW.at,
      json_build_object('alias', NEW.alias, 'version', NEW.version, 'reason', left(NEW.reason, 500)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_told AFTER INSERT ON bullpen.alias_moves
  FOR EACH ROW EXECUTE FUNCTION bullpen.tell_of_alias_move();
