-- Up Migration
-- Keys of the service. Of a secret only its SHA-256 is kept: it is 256 random bits, so nothing can be guessed from it.

CREATE TABLE bullpen.api_keys (
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]{12}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  scope text NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
  secret_sha256 text NOT NULL CHECK (secret_sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);
COMMENT ON TABLE bullpen.api_keys IS 'Who may ask the service for what. Keys are revoked, never deleted: logs name them.';
