-- Datasets of identities, and runs that are measured by what they find.
ALTER TYPE "DatasetKind" ADD VALUE 'RETRIEVAL';
ALTER TABLE "Run" ADD COLUMN "retrievalQueriesSha256" TEXT;
ALTER TABLE "Run" ADD CONSTRAINT "Run_retrievalQueries_form" CHECK ("retrievalQueriesSha256" ~ '^[0-9a-f]{64}$');

ALTER TABLE "Model" ALTER COLUMN "top1" DROP NOT NULL, ALTER COLUMN "loss" DROP NOT NULL,
  ADD COLUMN "meanAveragePrecision" DOUBLE PRECISION, ADD COLUMN "rank1" DOUBLE PRECISION;
ALTER TABLE "Model" ADD CONSTRAINT "Model_is_measured_one_way" CHECK (
  num_nonnulls("top1", "loss") IN (0, 2) AND num_nonnulls("meanAveragePrecision", "rank1") IN (0, 2)
  AND num_nonnulls("top1", "meanAveragePrecision") = 1);
ALTER TABLE "Model" ADD CONSTRAINT "Model_retrieval_range"
  CHECK ("meanAveragePrecision" BETWEEN 0 AND 1 AND "rank1" BETWEEN 0 AND 1);

ALTER TABLE "Ensemble" ALTER COLUMN "meanPosteriorTop1" DROP NOT NULL,
  ALTER COLUMN "concatenatedFeaturesTop1" DROP NOT NULL,
  ADD COLUMN "meanAveragePrecision" DOUBLE PRECISION, ADD COLUMN "rank1" DOUBLE PRECISION;
ALTER TABLE "Ensemble" ADD CONSTRAINT "Ensemble_is_measured_one_way" CHECK (
  num_nonnulls("meanPosteriorTop1", "concatenatedFeaturesTop1") IN (0, 2)
  AND num_nonnulls("meanAveragePrecision", "rank1") IN (0, 2)
  AND num_nonnulls("meanPosteriorTop1", "meanAveragePrecision") = 1);
ALTER TABLE "Ensemble" ADD CONSTRAINT "Ensemble_retrieval_range"
  CHECK ("meanAveragePrecision" BETWEEN 0 AND 1 AND "rank1" BETWEEN 0 AND 1);

-- Files in every format, made when they are asked for.
ALTER TYPE "ArtifactFormat" ADD VALUE 'SAVED_MODEL';
ALTER TYPE "ArtifactFormat" ADD VALUE 'ONNX';
ALTER TYPE "ArtifactFormat" ADD VALUE 'SAFETENSORS';
CREATE TYPE "ExportStatus" AS ENUM ('QUEUED', 'RUNNING', 'READY', 'FAILED');
CREATE TABLE "Export" (
  "id" TEXT NOT NULL,
  "teamId" TEXT NOT NULL,
  "modelId" TEXT,
  "ensembleId" TEXT,
  "format" "ArtifactFormat" NOT NULL,
  "status" "ExportStatus" NOT NULL DEFAULT 'QUEUED',
  "failure" TEXT,
  "createdById" TEXT NOT NULL,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "startedAt" TIMESTAMP(3),
  "finishedAt" TIMESTAMP(3),
  CONSTRAINT "Export_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "Export_of_one_thing" CHECK (num_nonnulls("modelId", "ensembleId") = 1),
  CONSTRAINT "Export_failed_says_why" CHECK (("status" = 'FAILED') = ("failure" IS NOT NULL)),
  CONSTRAINT "Export_ended_has_time" CHECK (("status" IN ('READY', 'FAILED')) = ("finishedAt" IS NOT NULL))
);
CREATE UNIQUE INDEX "Export_modelId_format_key" ON "Export"("modelId", "format");
CREATE UNIQUE INDEX "Export_ensembleId_format_key" ON "Export"("ensembleId", "format");
CREATE INDEX "Export_status_createdAt_idx" ON "Export"("status", "createdAt");
ALTER TABLE "Export" ADD CONSTRAINT "Export_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Export" ADD CONSTRAINT "Export_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Export" ADD CONSTRAINT "Export_teamId_modelId_fkey" FOREIGN KEY ("teamId", "modelId") REFERENCES "Model"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Export" ADD CONSTRAINT "Export_teamId_ensembleId_fkey" FOREIGN KEY ("teamId", "ensembleId") REFERENCES "Ensemble"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A name that means one model or ensemble among those of a dataset, and may be moved.
CREATE TABLE "ModelAlias" (
  "teamId" TEXT NOT NULL,
  "datasetId" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "modelId" TEXT,
  "ensembleId" TEXT,
  "setById" TEXT NOT NULL,
  "setAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "ModelAlias_pkey" PRIMARY KEY ("teamId", "datasetId", "name"),
  CONSTRAINT "ModelAlias_of_one_thing" CHECK (num_nonnulls("modelId", "ensembleId") = 1),
  CONSTRAINT "ModelAlias_name_form" CHECK ("name" ~ '^[a-z0-9][a-z0-9-]{0,39}$')
);
CREATE INDEX "ModelAlias_modelId_idx" ON "ModelAlias"("modelId");
CREATE INDEX "ModelAlias_ensembleId_idx" ON "ModelAlias"("ensembleId");
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_setById_fkey" FOREIGN KEY ("setById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_teamId_datasetId_fkey" FOREIGN KEY ("teamId", "datasetId") REFERENCES "Dataset"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_teamId_modelId_fkey" FOREIGN KEY ("teamId", "modelId") REFERENCES "Model"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_teamId_ensembleId_fkey" FOREIGN KEY ("teamId", "ensembleId") REFERENCES "Ensemble"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
