-- Programs that ask for a key by a short code, which somebody confirms in a browser (RFC 8628). What was asked for and
-- decided is gone when the key is fetched, or after ten minutes.
CREATE TABLE "DeviceRequest" (
    "id" TEXT NOT NULL,
    "userCode" TEXT NOT NULL,
    "clientName" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "polledAt" TIMESTAMPTZ(3),
    "deniedAt" TIMESTAMPTZ(3),
    "approvedById" TEXT,
    "teamId" TEXT,
    "scopes" "KeyScope"[] NOT NULL DEFAULT ARRAY[]::"KeyScope"[],
    "expiresInDays" INTEGER,

    CONSTRAINT "DeviceRequest_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "DeviceRequest_userCode_key" ON "DeviceRequest"("userCode");
CREATE INDEX "DeviceRequest_expiresAt_idx" ON "DeviceRequest"("expiresAt");
CREATE INDEX "DeviceRequest_approvedById_idx" ON "DeviceRequest"("approvedById");
CREATE INDEX "DeviceRequest_teamId_idx" ON "DeviceRequest"("teamId");
ALTER TABLE "DeviceRequest" ADD CONSTRAINT "DeviceRequest_approvedById_fkey" FOREIGN KEY ("approvedById") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "DeviceRequest" ADD CONSTRAINT "DeviceRequest_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "DeviceRequest"
  ADD CONSTRAINT "DeviceRequest_text_lengths" CHECK (length("id") <= 64 AND length("userCode") <= 16
    AND length("clientName") <= 80 AND length("address") <= 64 AND length("approvedById") <= 64
    AND length("teamId") <= 64 AND cardinality("scopes") <= 8),
  ADD CONSTRAINT "DeviceRequest_decided" CHECK (("approvedById" IS NULL) = ("teamId" IS NULL)
    AND ("deniedAt" IS NULL OR "approvedById" IS NULL) AND "expiresInDays" BETWEEN 1 AND 3650);
