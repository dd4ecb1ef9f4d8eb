-- Up Migration
-- States that a service which starts can go on from, and word of every candle that arrives.

CREATE TABLE bullpen.feature_snapshots (
  symbol text NOT NULL CHECK (symbol <> ''),
  width_ms bigint NOT NULL CHECK (width_ms > 0),
  feature_set_hash text NOT NULL CHECK (feature_set_hash ~ '^[0-9a-f]{64}$'),
  gaps text NOT NULL CHECK (gaps IN ('keep', 'split')),
  block bigint NOT NULL,
  open_time bigint NOT NULL,
  segment_rows integer NOT NULL CHECK (segment_rows > 0),
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  state bytea NOT NULL CHECK (length(state) % 8 = 0),
  saved_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (symbol, width_ms, feature_set_hash, gaps, block)
);
COMMENT ON TABLE bullpen.feature_snapshots IS 'States of feature kernels after a candle; a cache. The digest says after which history.';
COMMENT ON COLUMN bullpen.feature_snapshots.state IS 'Doubles, least significant byte first.';

CREATE FUNCTION bullpen.tell_candles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM arrived) THEN
    PERFORM pg_notify('bullpen_candles', '');
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION bullpen.tell_candles() IS 'At most once a transaction, however many candles: who hears it looks what is new.';
CREATE TRIGGER told AFTER INSERT ON bullpen.candles REFERENCING NEW TABLE AS arrived
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.tell_candles();
CREATE TRIGGER told AFTER INSERT ON bullpen.candle_revisions REFERENCING NEW TABLE AS arrived
  FOR EACH STATEMENT EXECUTE FUNCTION bullpen.tell_candles();
