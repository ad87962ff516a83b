-- What a worker is about while it makes a file.
CREATE TYPE "ExportStep" AS ENUM ('READING', 'CONVERTING', 'PACKING', 'STORING');
ALTER TABLE "Export" ADD COLUMN "step" "ExportStep";
ALTER TABLE "Export" ADD CONSTRAINT "Export_step_of_running" CHECK ("step" IS NULL OR "status" = 'RUNNING');
