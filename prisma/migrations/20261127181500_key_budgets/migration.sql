ALTER TABLE "ApiKey"
  ADD COLUMN "maxRuns" INTEGER,
  ADD COLUMN "maxDeviceMinutes" INTEGER,
  ADD COLUMN "runsStarted" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_budget_range" CHECK (
  "maxRuns" BETWEEN 0 AND 100000 AND "maxDeviceMinutes" BETWEEN 0 AND 1000000
  AND "runsStarted" >= 0 AND ("maxRuns" IS NULL OR "runsStarted" <= "maxRuns"));

ALTER TABLE "Run" ADD COLUMN "apiKeyId" TEXT;
CREATE INDEX "Run_apiKeyId_idx" ON "Run"("apiKeyId");
ALTER TABLE "Run" ADD CONSTRAINT "Run_apiKeyId_fkey" FOREIGN KEY ("apiKeyId") REFERENCES "ApiKey"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "Run" ADD CONSTRAINT "Run_apiKeyId_length" CHECK (length("apiKeyId") <= 64);
