-- Experiments: arms x conditions x seeds, whose trials are ordinary runs.

ALTER TABLE "Team" ADD COLUMN "experimentsMade" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "Experiment" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "datasetVersionId" TEXT NOT NULL,
    "createdById" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "canceledAt" TIMESTAMPTZ(3),
    "decidedAt" TIMESTAMPTZ(3),
    "idempotencyKey" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Experiment_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "Experiment_text_lengths" CHECK (
      length(id) <= 64 AND length("teamId") <= 64 AND length("datasetVersionId") <= 64 AND
      length("createdById") <= 64 AND length(title) BETWEEN 1 AND 200 AND length(title) <= 200 AND
      length("idempotencyKey") <= 80 AND pg_column_size(plan) <= 1048576),
    CONSTRAINT "Experiment_number_range" CHECK (number >= 1)
);
CREATE UNIQUE INDEX "Experiment_teamId_id_key" ON "Experiment"("teamId", "id");
CREATE UNIQUE INDEX "Experiment_teamId_number_key" ON "Experiment"("teamId", "number");
CREATE UNIQUE INDEX "Experiment_teamId_idempotencyKey_key" ON "Experiment"("teamId", "idempotencyKey");
ALTER TABLE "Experiment" ADD CONSTRAINT "Experiment_teamId_fkey"
  FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Experiment" ADD CONSTRAINT "Experiment_teamId_datasetVersionId_fkey"
  FOREIGN KEY ("teamId", "datasetVersionId") REFERENCES "DatasetVersion"("teamId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Experiment" ADD CONSTRAINT "Experiment_createdById_fkey"
  FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "Run" ADD COLUMN "experimentId" TEXT;
ALTER TABLE "Run" ADD CONSTRAINT "Run_experimentId_length" CHECK (length("experimentId") <= 64);
CREATE INDEX "Run_teamId_experimentId_idx" ON "Run"("teamId", "experimentId");
ALTER TABLE "Run" ADD CONSTRAINT "Run_teamId_experimentId_fkey"
  FOREIGN KEY ("teamId", "experimentId") REFERENCES "Experiment"("teamId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

CREATE TABLE "ExperimentTrial" (
    "teamId" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "arm" TEXT NOT NULL,
    "seed" INTEGER NOT NULL,
    "runId" TEXT NOT NULL,

    CONSTRAINT "ExperimentTrial_pkey" PRIMARY KEY ("experimentId", "condition", "arm", "seed"),
    CONSTRAINT "ExperimentTrial_text_lengths" CHECK (
      length("teamId") <= 64 AND length("experimentId") <= 64 AND length("condition") <= 60 AND
      length(arm) <= 60 AND length("runId") <= 64),
    CONSTRAINT "ExperimentTrial_seed_range" CHECK (seed >= 0)
);
CREATE INDEX "ExperimentTrial_runId_idx" ON "ExperimentTrial"("runId");
ALTER TABLE "ExperimentTrial" ADD CONSTRAINT "ExperimentTrial_teamId_experimentId_fkey"
  FOREIGN KEY ("teamId", "experimentId") REFERENCES "Experiment"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ExperimentTrial" ADD CONSTRAINT "ExperimentTrial_teamId_runId_fkey"
  FOREIGN KEY ("teamId", "runId") REFERENCES "Run"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The order within a team, as runs/turns.ts has it.
DROP INDEX "Run_waiting_idx";
CREATE INDEX "Run_waiting_idx" ON "Run" ("teamId", priority DESC, ("experimentId" IS NOT NULL), "createdAt", number)
  WHERE status = 'QUEUED';
