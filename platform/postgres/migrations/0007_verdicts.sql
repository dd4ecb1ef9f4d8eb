-- Up Migration
-- What the service answered, and word of every alias that moves.

CREATE TABLE bullpen.verdicts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol text NOT NULL CHECK (symbol <> ''),
  width_ms bigint NOT NULL CHECK (width_ms > 0),
  open_time bigint NOT NULL,
  close double precision NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('sell', 'hold', 'buy')),
  sell double precision NOT NULL CHECK (sell BETWEEN 0 AND 1),
  hold double precision NOT NULL CHECK (hold BETWEEN 0 AND 1),
  buy double precision NOT NULL CHECK (buy BETWEEN 0 AND 1),
  version integer NOT NULL CHECK (version > 0),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  at timestamptz(3) NOT NULL,
  CONSTRAINT given_once UNIQUE (open_time, symbol, width_ms, version, close, sell, hold, buy)
);
CREATE INDEX verdicts_by_series ON bullpen.verdicts (symbol, width_ms, id);
COMMENT ON TABLE bullpen.verdicts IS 'Every verdict given, once whichever replica gave it. Never updated.';
COMMENT ON COLUMN bullpen.verdicts.version IS 'No foreign key: a model served from a local cache answers also when its registry is another or older one.';
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON bullpen.verdicts
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.refuse_change();

CREATE FUNCTION bullpen.tell_alias_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('bullpen_aliases', NEW.alias);
  RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT ON bullpen.alias_moves FOR EACH ROW EXECUTE FUNCTION bullpen.tell_alias_move();
