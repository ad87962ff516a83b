-- Refusals and failures, of which there are few of the one beside many of the other: a page of either is read from its index.
CREATE INDEX "AuditEvent_teamId_outcome_id_idx" ON "AuditEvent"("teamId", "outcome", "id" DESC) WHERE code IS NOT NULL;
CREATE INDEX "AuditEvent_outcome_id_idx" ON "AuditEvent"("outcome", "id" DESC) WHERE code IS NOT NULL;
DROP INDEX "AuditEvent_teamId_not_done_idx";
DROP INDEX "AuditEvent_not_done_idx";
