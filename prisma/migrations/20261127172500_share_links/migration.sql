CREATE TABLE "ShareLink" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT NOT NULL,
    "runId" TEXT,
    "experimentId" TEXT,
    "modelId" TEXT,
    "ensembleId" TEXT,
    "hash" TEXT NOT NULL,
    "passwordHash" TEXT,
    "withFiles" BOOLEAN NOT NULL DEFAULT false,
    "seenCount" INTEGER NOT NULL DEFAULT 0,
    "lastSeenAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ShareLink_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "ShareLink_hash_key" ON "ShareLink"("hash");
CREATE INDEX "ShareLink_teamId_idx" ON "ShareLink"("teamId");
CREATE INDEX "ShareLink_createdById_idx" ON "ShareLink"("createdById");
CREATE INDEX "ShareLink_runId_idx" ON "ShareLink"("runId");
CREATE INDEX "ShareLink_experimentId_idx" ON "ShareLink"("experimentId");
CREATE INDEX "ShareLink_modelId_idx" ON "ShareLink"("modelId");
CREATE INDEX "ShareLink_ensembleId_idx" ON "ShareLink"("ensembleId");
ALTER TABLE "ShareLink"
  ADD CONSTRAINT "ShareLink_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ShareLink_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ShareLink_teamId_runId_fkey" FOREIGN KEY ("teamId", "runId") REFERENCES "Run"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ShareLink_teamId_experimentId_fkey" FOREIGN KEY ("teamId", "experimentId") REFERENCES "Experiment"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ShareLink_teamId_modelId_fkey" FOREIGN KEY ("teamId", "modelId") REFERENCES "Model"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ShareLink_teamId_ensembleId_fkey" FOREIGN KEY ("teamId", "ensembleId") REFERENCES "Ensemble"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ShareLink_of_one_thing" CHECK (num_nonnulls("runId", "experimentId", "modelId", "ensembleId") = 1),
  ADD CONSTRAINT "ShareLink_files_of_models" CHECK (NOT "withFiles" OR "modelId" IS NOT NULL OR "ensembleId" IS NOT NULL),
  ADD CONSTRAINT "ShareLink_text_lengths" CHECK (
    length(id) <= 64 AND length("teamId") <= 64 AND length("createdById") <= 64 AND length("runId") <= 64
    AND length("experimentId") <= 64 AND length("modelId") <= 64 AND length("ensembleId") <= 64
    AND length("passwordHash") <= 300),
  ADD CONSTRAINT "ShareLink_hash_form" CHECK (hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "ShareLink_seen_range" CHECK ("seenCount" >= 0);
