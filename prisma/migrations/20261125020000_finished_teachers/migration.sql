-- A teacher that is a finished model.
ALTER TABLE "Student" ADD COLUMN "finishedModelId" TEXT, ADD COLUMN "weightsSha256" TEXT;
ALTER TABLE "Student" ADD CONSTRAINT "Student_finished_is_whole"
  CHECK (("finishedModelId" IS NULL) = ("weightsSha256" IS NULL));
ALTER TABLE "Student" ADD CONSTRAINT "Student_finished_comes_first" CHECK ("finishedModelId" IS NULL OR position = 0);
ALTER TABLE "Student" ADD CONSTRAINT "Student_weightsSha256_form" CHECK ("weightsSha256" ~ '^[0-9a-f]{64}$');
ALTER TABLE "Student" ADD CONSTRAINT "Student_teamId_finishedModelId_fkey"
  FOREIGN KEY ("teamId", "finishedModelId") REFERENCES "Model"("teamId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;
CREATE INDEX "Student_teamId_finishedModelId_idx" ON "Student"("teamId", "finishedModelId");
