-- Why a run's students differ from their twins, measured on request.
CREATE TABLE "RunExplanation" (
    "runId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "status" "ExportStatus" NOT NULL DEFAULT 'QUEUED',
    "done" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "result" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "RunExplanation_pkey" PRIMARY KEY ("runId")
);
CREATE UNIQUE INDEX "RunExplanation_teamId_runId_key" ON "RunExplanation"("teamId", "runId");
CREATE INDEX "RunExplanation_status_createdAt_idx" ON "RunExplanation"("status", "createdAt");
ALTER TABLE "RunExplanation" ADD CONSTRAINT "RunExplanation_teamId_runId_fkey" FOREIGN KEY ("teamId", "runId") REFERENCES "Run"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "RunExplanation"
  ADD CONSTRAINT "RunExplanation_text_lengths" CHECK (length("runId") <= 64 AND length("teamId") <= 64
    AND length("failure") <= 2000 AND pg_column_size("result") <= 262144),
  ADD CONSTRAINT "RunExplanation_done" CHECK ("done" >= 0 AND "done" <= 1),
  ADD CONSTRAINT "RunExplanation_attempts" CHECK ("attempts" BETWEEN 0 AND 9),
  ADD CONSTRAINT "RunExplanation_states" CHECK (("result" IS NOT NULL) = ("status" = 'READY')
    AND ("failure" IS NOT NULL) = ("status" = 'FAILED'));
