-- Files of weights that teams bring along, for students to begin with.
CREATE TYPE "UploadPurpose" AS ENUM ('DATASET', 'WEIGHTS');
ALTER TABLE "Upload" ADD COLUMN "purpose" "UploadPurpose" NOT NULL DEFAULT 'DATASET';

CREATE TYPE "GivenWeightsStatus" AS ENUM ('PENDING', 'READY', 'REFUSED');
CREATE TABLE "GivenWeights" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "uploadId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "licence" TEXT,
    "origin" TEXT,
    "normalization" JSONB,
    "status" "GivenWeightsStatus" NOT NULL DEFAULT 'PENDING',
    "inspection" JSONB,
    "refusal" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "inspectedAt" TIMESTAMPTZ(3),

    CONSTRAINT "GivenWeights_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "GivenWeights_text_lengths" CHECK (
      length(id) <= 64 AND length("teamId") <= 64 AND length("uploadId") <= 64 AND
      length(name) BETWEEN 1 AND 120 AND length(licence) <= 200 AND length(origin) <= 500 AND
      length(refusal) <= 2000 AND pg_column_size(normalization) <= 1000 AND pg_column_size(inspection) <= 1048576),
    CONSTRAINT "GivenWeights_ready_is_inspected" CHECK ((status = 'READY') = (inspection IS NOT NULL)),
    CONSTRAINT "GivenWeights_refused_says_why" CHECK ((status = 'REFUSED') = (refusal IS NOT NULL))
);

CREATE UNIQUE INDEX "GivenWeights_teamId_id_key" ON "GivenWeights"("teamId", "id");
CREATE UNIQUE INDEX "GivenWeights_teamId_name_key" ON "GivenWeights"("teamId", "name");
CREATE INDEX "GivenWeights_teamId_uploadId_idx" ON "GivenWeights"("teamId", "uploadId");
ALTER TABLE "GivenWeights" ADD CONSTRAINT "GivenWeights_teamId_fkey"
  FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "GivenWeights" ADD CONSTRAINT "GivenWeights_teamId_uploadId_fkey"
  FOREIGN KEY ("teamId", "uploadId") REFERENCES "Upload"("teamId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Where such weights come from stands beside their licence.
ALTER TABLE "Student" DROP CONSTRAINT "Student_start_length",
  ADD CONSTRAINT "Student_start_length" CHECK (pg_column_size("start") <= 8000);
