-- Weights of an earlier training that a student begins with.
ALTER TABLE "Student" ADD COLUMN "start" JSONB;
ALTER TABLE "Student"
  ADD CONSTRAINT "Student_start_length" CHECK (pg_column_size("start") <= 4000),
  ADD CONSTRAINT "Student_finished_starts_with_nothing" CHECK ("start" IS NULL OR "finishedModelId" IS NULL);
