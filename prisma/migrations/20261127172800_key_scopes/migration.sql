CREATE TYPE "KeyScope" AS ENUM ('READ', 'RUN', 'UPLOAD', 'ADMIN');

-- Keys that are there keep what they could do, and speak for their maker.
ALTER TABLE "ApiKey"
  ADD COLUMN "scopes" "KeyScope"[] NOT NULL DEFAULT '{READ,RUN,UPLOAD}',
  ADD COLUMN "lastUsedAddress" TEXT,
  ADD COLUMN "userId" TEXT;
UPDATE "ApiKey" SET "userId" = "createdById";
ALTER TABLE "ApiKey" ALTER COLUMN "scopes" DROP DEFAULT, ALTER COLUMN "scopes" DROP NOT NULL;
ALTER TABLE "ApiKey" ALTER COLUMN "userId" SET NOT NULL;
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_userId_fkey"
  FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "ApiKey_userId_idx" ON "ApiKey"("userId");
ALTER TABLE "ApiKey"
  ADD CONSTRAINT "ApiKey_scopes_form" CHECK ("scopes" IS NOT NULL AND 'READ' = ANY ("scopes") AND cardinality("scopes") <= 4),
  ADD CONSTRAINT "ApiKey_use_lengths" CHECK (length("userId") <= 64 AND length("lastUsedAddress") <= 100);
