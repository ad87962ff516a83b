-- How students' posteriors are compared, and whether their features are.
CREATE TYPE "Divergence" AS ENUM ('KL', 'SYMMETRIC_KL');
ALTER TABLE "Cohort"
  ADD COLUMN "divergence" "Divergence" NOT NULL DEFAULT 'KL',
  ADD COLUMN "featureWeight" DOUBLE PRECISION NOT NULL DEFAULT 0,
  ADD CONSTRAINT "Cohort_feature_weight" CHECK ("featureWeight" BETWEEN 0 AND 100);
