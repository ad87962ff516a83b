-- A run that is asked to pause knows why, so that what happens until it does changes nothing about it.
ALTER TABLE "Run" DROP CONSTRAINT "Run_paused_says_why";
ALTER TABLE "Run" ADD CONSTRAINT "Run_paused_says_why" CHECK (
  CASE status WHEN 'PAUSED' THEN "pauseReason" IS NOT NULL WHEN 'PAUSING' THEN true ELSE "pauseReason" IS NULL END);

-- Whose budget an attempt counts against: a run that somebody else continues counts against that key no more, and what its
-- earlier attempts have used still does.
ALTER TABLE "RunAttempt" ADD COLUMN "apiKeyId" TEXT;
ALTER TABLE "RunAttempt" ADD CONSTRAINT "RunAttempt_apiKeyId_fkey" FOREIGN KEY ("apiKeyId") REFERENCES "ApiKey"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "RunAttempt" ADD CONSTRAINT "RunAttempt_apiKeyId_length" CHECK (length("apiKeyId") <= 64);
UPDATE "RunAttempt" AS attempt SET "apiKeyId" = run."apiKeyId" FROM "Run" AS run
  WHERE run.id = attempt."runId" AND run."apiKeyId" IS NOT NULL;
CREATE INDEX "RunAttempt_apiKeyId_idx" ON "RunAttempt"("apiKeyId");

-- The device is that of the claim; null where nobody knows: of attempts from before it was recorded, and whose run says no more.
ALTER TABLE "RunAttempt" ALTER COLUMN device DROP NOT NULL, ALTER COLUMN device DROP DEFAULT;
ALTER TABLE "DeviceUse" ALTER COLUMN device DROP NOT NULL;
DROP TRIGGER "RunAttempt_device" ON "RunAttempt";
DROP FUNCTION set_attempt_device();
DO $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NULL THEN RETURN; END IF;
  CREATE TEMP TABLE guessed ON COMMIT DROP AS
    SELECT attempt."runId", attempt.number,
      CASE WHEN run."executionDevice" LIKE '%CUDA%' THEN 'GPU'::"DeviceKind"
        WHEN run."executionDevice" IS NOT NULL THEN 'CPU' ELSE run.device END AS device
    FROM "RunAttempt" AS attempt JOIN "Run" AS run ON run.id = attempt."runId"
    WHERE attempt."startedAt" < (SELECT finished_at FROM _prisma_migrations
      WHERE migration_name = '20261127190200_quotas' AND rolled_back_at IS NULL);
  UPDATE "RunAttempt" AS attempt SET device = guessed.device FROM guessed
    WHERE attempt."runId" = guessed."runId" AND attempt.number = guessed.number;
  UPDATE "DeviceUse" AS used SET device = guessed.device FROM guessed
    WHERE used."runId" = guessed."runId" AND used.attempt = guessed.number;
END $$;

-- What a team stores is read from these indices alone.
CREATE INDEX "Checkpoint_teamId_sha256_byteLength_idx" ON "Checkpoint"("teamId", "sha256", "byteLength");
CREATE INDEX "Artifact_teamId_sha256_byteLength_idx" ON "Artifact"("teamId", "sha256", "byteLength");
