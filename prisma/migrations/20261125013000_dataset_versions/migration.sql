-- What a team has uploaded, counted where the limit is checked.
ALTER TABLE "Team"
  ADD COLUMN "uploadedBytes" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "uploadQuotaBytes" BIGINT NOT NULL DEFAULT 107374182400;
UPDATE "Team" SET "uploadedBytes" =
  coalesce((SELECT sum("byteLength") FROM "Upload" WHERE "Upload"."teamId" = "Team".id), 0);
ALTER TABLE "Team" ADD CONSTRAINT "Team_uploads_range" CHECK ("uploadedBytes" >= 0 AND "uploadQuotaBytes" >= 0);

ALTER TABLE "Upload" ADD COLUMN "inspection" JSONB;

-- Versions that are made of others.
ALTER TABLE "DatasetVersion"
  ADD COLUMN "format" TEXT,
  ADD COLUMN "parentId" TEXT,
  ADD COLUMN "edit" JSONB,
  ADD COLUMN "secondsLeft" DOUBLE PRECISION,
  ADD COLUMN "overviewSha256" TEXT;
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_teamId_parentId_fkey"
  FOREIGN KEY ("teamId", "parentId") REFERENCES "DatasetVersion"("teamId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_edit_is_of_parent"
  CHECK ("edit" IS NULL OR "parentId" IS NOT NULL);
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_overview_form" CHECK ("overviewSha256" ~ '^[0-9a-f]{64}$');
