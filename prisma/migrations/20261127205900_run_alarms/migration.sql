ALTER TYPE "RunEventKind" ADD VALUE 'ALARM';
ALTER TABLE "Run" ADD COLUMN "alarms" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "Run" ADD CONSTRAINT "Run_alarms_length" CHECK (pg_column_size("alarms") <= 65536);
