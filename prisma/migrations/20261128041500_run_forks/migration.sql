-- A run that goes on from a checkpoint of another one has that checkpoint as one of its own, which no clean-up takes.
ALTER TYPE "CheckpointKind" ADD VALUE 'ORIGIN';
ALTER TABLE "Run" ADD COLUMN "fork" JSONB, ADD COLUMN "forkedFromId" TEXT,
  ADD CONSTRAINT "Run_fork_size" CHECK (pg_column_size("fork") <= 65536),
  ADD CONSTRAINT "Run_forkedFromId_length" CHECK (length("forkedFromId") <= 64),
  -- The run that it was forked from may be deleted, and the fork remains one.
  ADD CONSTRAINT "Run_fork_complete" CHECK ("forkedFromId" IS NULL OR "fork" IS NOT NULL),
  ADD CONSTRAINT "Run_teamId_forkedFromId_fkey" FOREIGN KEY ("teamId", "forkedFromId")
    REFERENCES "Run"("teamId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;
CREATE INDEX "Run_teamId_forkedFromId_idx" ON "Run"("teamId", "forkedFromId");
