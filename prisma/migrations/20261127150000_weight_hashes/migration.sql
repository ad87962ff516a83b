-- Hashes of a run's weights after a few steps, for its receipt.

CREATE TABLE "WeightHash" (
    "teamId" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "tensors" JSONB NOT NULL,
    "libraries" JSONB NOT NULL,
    "deviceName" TEXT NOT NULL,

    CONSTRAINT "WeightHash_pkey" PRIMARY KEY ("runId", "step"),
    CONSTRAINT "WeightHash_text_lengths" CHECK (
      length("teamId") <= 64 AND length("runId") <= 64 AND length("deviceName") <= 500 AND
      pg_column_size(tensors) <= 4194304 AND pg_column_size(libraries) <= 65536),
    CONSTRAINT "WeightHash_step_range" CHECK (step >= 1)
);
ALTER TABLE "WeightHash" ADD CONSTRAINT "WeightHash_teamId_runId_fkey"
  FOREIGN KEY ("teamId", "runId") REFERENCES "Run"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
