-- The training pictures that every student of a run gets wrong.
ALTER TABLE "Run" ADD COLUMN "labelSuspectsSha256" TEXT;
ALTER TABLE "Run" ADD CONSTRAINT "Run_labelSuspects_form" CHECK ("labelSuspectsSha256" ~ '^[0-9a-f]{64}$');
