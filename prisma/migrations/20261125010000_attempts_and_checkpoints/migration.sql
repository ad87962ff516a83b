-- Runs that go on after anything: their checkpoints, their attempts, who is taken first and when they are tried again.
CREATE TYPE "CheckpointKind" AS ENUM ('NEWEST', 'BEST', 'FINAL');
CREATE TYPE "AttemptOutcome" AS ENUM ('SUCCEEDED', 'FAILED', 'CANCELED', 'PAUSED', 'RETURNED', 'LOST');
CREATE TYPE "PauseReason" AS ENUM ('ASKED', 'DISK_FULL');
ALTER TYPE "RunEventKind" ADD VALUE 'CHECKPOINT';

ALTER TABLE "Run"
  ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "retryAt" TIMESTAMP(3),
  ADD COLUMN "setbacks" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "pauseReason" "PauseReason";
UPDATE "Run" SET "pauseReason" = 'ASKED' WHERE "status" = 'PAUSED';
ALTER TABLE "Run" ADD CONSTRAINT "Run_priority_range" CHECK (priority BETWEEN -100 AND 100);
ALTER TABLE "Run" ADD CONSTRAINT "Run_setbacks_range" CHECK (setbacks >= 0);
ALTER TABLE "Run" ADD CONSTRAINT "Run_paused_says_why" CHECK (("status" = 'PAUSED') = ("pauseReason" IS NOT NULL));
CREATE INDEX "Run_status_priority_createdAt_idx" ON "Run" ("status", "priority" DESC, "createdAt");

CREATE TABLE "RunAttempt" (
  "teamId" TEXT NOT NULL,
  "runId" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "workerName" TEXT NOT NULL,
  "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "endedAt" TIMESTAMP(3),
  "outcome" "AttemptOutcome",
  "failureCode" TEXT,
  "failureMessage" TEXT,
  "fromStep" INTEGER,
  "toStep" INTEGER,
  CONSTRAINT "RunAttempt_pkey" PRIMARY KEY ("runId", "number"),
  CONSTRAINT "RunAttempt_number_range" CHECK (number >= 1),
  CONSTRAINT "RunAttempt_ended_says_how" CHECK (("endedAt" IS NULL) = ("outcome" IS NULL)),
  CONSTRAINT "RunAttempt_failure_is_whole" CHECK (("failureCode" IS NULL) = ("failureMessage" IS NULL))
);
ALTER TABLE "RunAttempt" ADD CONSTRAINT "RunAttempt_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "RunAttempt" ADD CONSTRAINT "RunAttempt_teamId_runId_fkey" FOREIGN KEY ("teamId", "runId") REFERENCES "Run" ("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "Checkpoint" (
  "teamId" TEXT NOT NULL,
  "runId" TEXT NOT NULL,
  "step" INTEGER NOT NULL,
  "epoch" INTEGER NOT NULL,
  "kind" "CheckpointKind" NOT NULL DEFAULT 'NEWEST',
  "sha256" TEXT NOT NULL,
  "byteLength" BIGINT NOT NULL,
  "testTop1" DOUBLE PRECISION,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "Checkpoint_pkey" PRIMARY KEY ("runId", "step"),
  CONSTRAINT "Checkpoint_position_range" CHECK (step >= 1 AND epoch >= 1),
  CONSTRAINT "Checkpoint_sha256_form" CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
ALTER TABLE "Checkpoint" ADD CONSTRAINT "Checkpoint_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Checkpoint" ADD CONSTRAINT "Checkpoint_teamId_runId_fkey" FOREIGN KEY ("teamId", "runId") REFERENCES "Run" ("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The same table as contract/run-states.ts; a test compares them.
CREATE OR REPLACE FUNCTION check_run_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW."status" <> 'QUEUED' THEN
      RAISE EXCEPTION 'a run begins QUEUED, not %', NEW."status" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.fence < OLD.fence OR NEW."lastSeq" < OLD."lastSeq" THEN
    RAISE EXCEPTION 'fence and lastSeq of run % never go back', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW."status" = OLD."status" THEN
    RETURN NEW;
  END IF;
  allowed := CASE OLD."status"
    WHEN 'QUEUED' THEN ARRAY['STARTING', 'PAUSED', 'FAILED', 'CANCELED']
    WHEN 'STARTING' THEN ARRAY['RUNNING', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'RUNNING' THEN ARRAY['SUCCEEDED', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'PAUSING' THEN ARRAY['RUNNING', 'PAUSED', 'SUCCEEDED', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'PAUSED' THEN ARRAY['QUEUED', 'CANCELED']
    WHEN 'FAILED' THEN ARRAY['QUEUED']
    WHEN 'CANCELED' THEN ARRAY['QUEUED']
    ELSE ARRAY[]::text[]
  END;
  IF NOT NEW."status"::text = ANY (allowed) THEN
    RAISE EXCEPTION 'run % cannot go from % to %', OLD.id, OLD."status", NEW."status" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
