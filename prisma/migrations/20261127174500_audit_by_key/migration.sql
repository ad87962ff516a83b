CREATE INDEX "AuditEvent_keyId_id_idx" ON "AuditEvent"("keyId", "id" DESC);
