-- Up Migration
-- What is rented, written down before it exists, and the clusters it belongs to.

CREATE TABLE bullpen.rentals (
  position bigint GENERATED ALWAYS AS IDENTITY,
  cluster text COLLATE "C" NOT NULL CHECK (cluster ~ '^[a-z][a-z0-9-]{0,30}$'),
  name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]*$'),
  n integer NOT NULL CHECK (n > 0),
  id text COLLATE "C" GENERATED ALWAYS AS (cluster || '/' || name || '#' || n::text) STORED UNIQUE,
  kind text NOT NULL CHECK (kind IN ('redis', 'worker', 'guard')),
  target text NOT NULL CHECK (target IN ('local', 'ssh', 'aws', 'yandex')),
  place text NOT NULL,
  price jsonb,
  booked_at timestamptz(3) NOT NULL,
  started_at timestamptz(3),
  ends_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  ended_because text,
  run_id text COLLATE "C",
  PRIMARY KEY (cluster, name, n),
  CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);
CREATE UNIQUE INDEX rentals_open ON bullpen.rentals (cluster, name) WHERE ended_at IS NULL;
CREATE INDEX rentals_by_run ON bullpen.rentals (run_id) WHERE run_id IS NOT NULL;
COMMENT ON TABLE bullpen.rentals IS 'Every rented thing from before it exists until after it is gone; times by the clock of who writes.';
COMMENT ON COLUMN bullpen.rentals.position IS 'Order of booking.';
COMMENT ON COLUMN bullpen.rentals.n IS 'How often this name was rented in this cluster; an id is never used twice.';
COMMENT ON COLUMN bullpen.rentals.ends_at IS 'It ends itself then unless its term is renewed.';
COMMENT ON COLUMN bullpen.rentals.run_id IS 'The run it worked for last; no foreign key, for own tasks have runs that are forgotten.';

CREATE TABLE bullpen.clusters (
  name text COLLATE "C" PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{0,30}$'),
  target text NOT NULL CHECK (target IN ('local', 'ssh', 'aws', 'yandex')),
  phase text NOT NULL CHECK (phase IN ('rising', 'up', 'falling', 'down')),
  request jsonb,
  outputs jsonb,
  since timestamptz(3) NOT NULL,
  token uuid,
  change text CHECK (change IN ('up', 'down')),
  holder text CHECK (holder <> ''),
  claimed_until timestamptz(3),
  CHECK ((token IS NULL) = (change IS NULL) AND (token IS NULL) = (holder IS NULL)
    AND (token IS NULL) = (claimed_until IS NULL))
);
COMMENT ON TABLE bullpen.clusters IS 'Clusters, what each told when it came up, and who is changing it.';
COMMENT ON COLUMN bullpen.clusters.since IS 'When it was first asked to be up since it was last down.';
COMMENT ON COLUMN bullpen.clusters.token IS 'Fences what the holder of the claim writes; null when nobody changes the cluster.';
