-- Up Migration
-- A version is registered with a passing leakage certificate of its own, whatever program registers it. What the
-- database cannot check is the signature; that is checked by whoever registers, and by `bullpen models certificate`.

CREATE FUNCTION bullpen.require_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  statement jsonb := NEW.manifest -> 'certificate' -> 'statement';
BEGIN
  IF statement IS NULL
    OR statement ->> 'passed' IS DISTINCT FROM 'true'
    OR jsonb_path_exists(statement, '$.checks[*] ? (@.passed != true)')
    OR statement ->> 'runId' IS DISTINCT FROM NEW.run_id
    OR statement ->> 'modelSha256' IS DISTINCT FROM NEW.manifest -> 'model' ->> 'sha256'
  THEN
    RAISE EXCEPTION 'the model of run % has no passing certificate of its own', NEW.run_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certified BEFORE INSERT ON bullpen.model_versions
  FOR EACH ROW EXECUTE FUNCTION bullpen.require_certificate();
