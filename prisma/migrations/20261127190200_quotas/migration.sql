ALTER TYPE "PauseReason" ADD VALUE 'QUOTA';
ALTER TYPE "TeamEventKind" ADD VALUE 'LIMIT_NEAR' BEFORE 'WEBHOOK_DISABLED';

-- Limits of a team beside those of its row; null for none. Device hours are those of a calendar month in UTC.
CREATE TABLE "TeamQuota" (
    "teamId" TEXT NOT NULL,
    "storedBytesSoft" BIGINT,
    "storedBytesHard" BIGINT,
    "deviceHoursSoft" DOUBLE PRECISION,
    "deviceHoursHard" DOUBLE PRECISION,
    "toldKinds" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "TeamQuota_pkey" PRIMARY KEY ("teamId")
);
ALTER TABLE "TeamQuota" ADD CONSTRAINT "TeamQuota_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "TeamQuota"
  ADD CONSTRAINT "TeamQuota_text_lengths" CHECK (length("teamId") <= 64 AND pg_column_size("toldKinds") <= 512),
  ADD CONSTRAINT "TeamQuota_ranges" CHECK ("storedBytesSoft" >= 0 AND "storedBytesHard" >= 0
    AND "deviceHoursSoft" >= 0 AND "deviceHoursHard" >= 0);

-- Whether the team has used up the month's device hours: claims leave its runs in the queue then.
ALTER TABLE "Team" ADD COLUMN "deviceHoursSpent" BOOLEAN NOT NULL DEFAULT false;

-- On what an attempt ran; its worker's row is gone when somebody asks.
ALTER TABLE "RunAttempt" ADD COLUMN "device" "DeviceKind" NOT NULL DEFAULT 'CPU';
CREATE INDEX "RunAttempt_teamId_endedAt_idx" ON "RunAttempt"("teamId", "endedAt");
CREATE FUNCTION set_attempt_device() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.device := COALESCE((SELECT device FROM "Worker" WHERE name = NEW."workerName"), NEW.device);
  RETURN NEW;
END $$;
CREATE TRIGGER "RunAttempt_device" BEFORE INSERT ON "RunAttempt"
  FOR EACH ROW EXECUTE FUNCTION set_attempt_device();

-- What an attempt has used stays when its run is deleted.
CREATE TABLE "DeviceUse" (
    "runId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "teamId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "cohortId" TEXT NOT NULL,
    "device" "DeviceKind" NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "DeviceUse_pkey" PRIMARY KEY ("runId","attempt")
);
CREATE INDEX "DeviceUse_teamId_endedAt_idx" ON "DeviceUse"("teamId", "endedAt");
ALTER TABLE "DeviceUse" ADD CONSTRAINT "DeviceUse_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "DeviceUse" ADD CONSTRAINT "DeviceUse_text_lengths" CHECK (
  length("runId") <= 64 AND length("teamId") <= 64 AND length("userId") <= 64 AND length("cohortId") <= 64);
CREATE FUNCTION keep_device_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "DeviceUse" ("runId", attempt, "teamId", "userId", "cohortId", device, "startedAt", "endedAt")
  SELECT run.id, NEW.number, run."teamId", run."createdById", run."cohortId", NEW.device, NEW."startedAt", NEW."endedAt"
  FROM "Run" AS run WHERE run.id = NEW."runId"
  ON CONFLICT ("runId", attempt) DO UPDATE SET "endedAt" = EXCLUDED."endedAt";
  RETURN NULL;
END $$;
CREATE TRIGGER "RunAttempt_use" AFTER INSERT OR UPDATE OF "endedAt" ON "RunAttempt"
  FOR EACH ROW WHEN (NEW."endedAt" IS NOT NULL) EXECUTE FUNCTION keep_device_use();
INSERT INTO "DeviceUse" ("runId", attempt, "teamId", "userId", "cohortId", device, "startedAt", "endedAt")
SELECT run.id, attempt.number, run."teamId", run."createdById", run."cohortId", attempt.device, attempt."startedAt", attempt."endedAt"
FROM "RunAttempt" AS attempt JOIN "Run" AS run ON run.id = attempt."runId" WHERE attempt."endedAt" IS NOT NULL;
