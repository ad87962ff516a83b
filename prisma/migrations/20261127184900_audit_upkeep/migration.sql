-- The words of a call stack are in the language of the server's messages; a function's name is not.
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stack TEXT;
BEGIN
  GET DIAGNOSTICS stack = PG_CONTEXT;
  IF TG_OP = 'DELETE' AND stack LIKE '%prune_audit_events(%' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the audit log is only added to: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

-- The last thirty days stay whatever is asked for, also by a service whose clock is ahead. Ids are ordered by time: what is
-- old enough is among the first of them, so that no other row is read.
CREATE OR REPLACE FUNCTION prune_audit_events(before TIMESTAMPTZ, most INTEGER) RETURNS INTEGER
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  pruned INTEGER;
BEGIN
  DELETE FROM "AuditEvent" WHERE id IN (
    SELECT id FROM (SELECT id, at FROM "AuditEvent" ORDER BY id LIMIT most) AS oldest
    WHERE at < LEAST(before, now() - INTERVAL '30 days'));
  GET DIAGNOSTICS pruned = ROW_COUNT;
  RETURN pruned;
END $$;

-- What was not done has a code, by which a condition without parameters finds it.
ALTER TABLE "AuditEvent" ADD CONSTRAINT "AuditEvent_code_of_refusal" CHECK ((outcome = 'DONE') = (code IS NULL)) NOT VALID;
CREATE INDEX "AuditEvent_teamId_not_done_idx" ON "AuditEvent"("teamId", "id" DESC) WHERE code IS NOT NULL;
CREATE INDEX "AuditEvent_not_done_idx" ON "AuditEvent"("id" DESC) WHERE code IS NOT NULL;
