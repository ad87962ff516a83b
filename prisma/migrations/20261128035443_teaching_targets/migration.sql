-- What students are taught, and by whom: decoupled KL, z-scores of logits, KDCL's ensembles, peers' averages, and the switch
-- that has a leader wait.
ALTER TYPE "Divergence" ADD VALUE 'DECOUPLED_KL';
CREATE TYPE "EnsembleRule" AS ENUM ('MEAN_POSTERIOR', 'LEAST_LOSS', 'LEAST_LOGITS');
ALTER TABLE "Cohort"
  ADD COLUMN "targetClassWeight" DOUBLE PRECISION NOT NULL DEFAULT 1,
  ADD COLUMN "otherClassesWeight" DOUBLE PRECISION NOT NULL DEFAULT 8,
  ADD COLUMN "standardizesLogits" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "ensembleRule" "EnsembleRule" NOT NULL DEFAULT 'MEAN_POSTERIOR',
  ADD COLUMN "peerAverageDecay" DOUBLE PRECISION,
  ADD COLUMN "pausesLeader" BOOLEAN NOT NULL DEFAULT false,
  ADD CONSTRAINT "Cohort_target_class_weight" CHECK ("targetClassWeight" BETWEEN 0 AND 100),
  ADD CONSTRAINT "Cohort_other_classes_weight" CHECK ("otherClassesWeight" BETWEEN 0 AND 100),
  ADD CONSTRAINT "Cohort_peer_average_decay" CHECK ("peerAverageDecay" > 0 AND "peerAverageDecay" < 1);
