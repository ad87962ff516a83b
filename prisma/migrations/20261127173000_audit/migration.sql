CREATE TYPE "AuditActorKind" AS ENUM ('PERSON', 'API_KEY', 'SERVICE_ACCOUNT', 'ANONYMOUS', 'SYSTEM');
CREATE TYPE "AuditOutcome" AS ENUM ('DONE', 'REFUSED', 'FAILED');
CREATE TABLE "AuditEvent" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "teamId" TEXT,
    "actorKind" "AuditActorKind" NOT NULL,
    "actorId" TEXT,
    "keyId" TEXT,
    "keyName" TEXT,
    "action" TEXT NOT NULL,
    "subjectType" TEXT,
    "subjectId" TEXT,
    "subjectName" TEXT,
    "subjectPath" TEXT,
    "outcome" "AuditOutcome" NOT NULL,
    "code" TEXT,
    "detail" JSONB,
    "address" TEXT,
    "userAgent" TEXT,
    "requestId" TEXT,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "AuditEvent_teamId_id_idx" ON "AuditEvent"("teamId", "id" DESC);
CREATE INDEX "AuditEvent_teamId_actorId_id_idx" ON "AuditEvent"("teamId", "actorId", "id" DESC);
CREATE INDEX "AuditEvent_teamId_action_id_idx" ON "AuditEvent"("teamId", "action", "id" DESC);
CREATE INDEX "AuditEvent_teamId_subjectId_id_idx" ON "AuditEvent"("teamId", "subjectId", "id" DESC);
CREATE INDEX "AuditEvent_actorId_id_idx" ON "AuditEvent"("actorId", "id" DESC);
CREATE INDEX "AuditEvent_action_id_idx" ON "AuditEvent"("action", "id" DESC);
CREATE INDEX "AuditEvent_subjectId_id_idx" ON "AuditEvent"("subjectId", "id" DESC);
ALTER TABLE "AuditEvent"
  ADD CONSTRAINT "AuditEvent_text_lengths" CHECK (
    length(id) <= 64 AND length("teamId") <= 64 AND length("actorId") <= 64 AND length("keyId") <= 64
    AND length("keyName") <= 80 AND length(action) <= 64 AND length("subjectType") <= 40
    AND length("subjectId") <= 64 AND length("subjectName") <= 320 AND length("subjectPath") <= 160
    AND length(code) <= 64 AND pg_column_size(detail) <= 8192 AND length(address) <= 64
    AND length("userAgent") <= 160 AND length("requestId") <= 64);

-- Rows are only added. The one way out is prune_audit_events, by which the service forgets what is old enough: it is told
-- apart by the call stack, because whoever may set a session's variable may set it for anything else.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stack TEXT;
BEGIN
  GET DIAGNOSTICS stack = PG_CONTEXT;
  IF TG_OP = 'DELETE' AND stack LIKE '%function prune_audit_events(%' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the audit log is only added to: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "AuditEvent_only_added" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditEvent"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Whoever calls it cannot make it forget the last thirty days.
CREATE FUNCTION prune_audit_events(before TIMESTAMPTZ, most INTEGER) RETURNS INTEGER
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  pruned INTEGER;
BEGIN
  IF before > now() - INTERVAL '30 days' THEN
    RAISE EXCEPTION 'the audit log keeps at least thirty days' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM "AuditEvent" WHERE id IN (SELECT id FROM "AuditEvent" WHERE at < before ORDER BY id LIMIT most);
  GET DIAGNOSTICS pruned = ROW_COUNT;
  RETURN pruned;
END $$;
