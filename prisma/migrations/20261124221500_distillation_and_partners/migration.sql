-- A frozen teacher, and students who choose a partner.
ALTER TYPE "TeachingMethod" ADD VALUE 'DISTILLATION';
CREATE TYPE "PartnerRule" AS ENUM ('ALL', 'ONE_PER_EPOCH');
ALTER TABLE "Cohort" ADD COLUMN "partnerRule" "PartnerRule" NOT NULL DEFAULT 'ALL';
ALTER TABLE "Cohort" ADD CONSTRAINT "Cohort_partners_are_mutual" CHECK ("partnerRule" = 'ALL' OR "method" = 'MUTUAL');
