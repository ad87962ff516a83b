-- How images of another shape, and transparent ones, are to be prepared.
ALTER TABLE "DatasetVersion"
  ADD COLUMN "wantedFit" TEXT,
  ADD COLUMN "wantedBackground" TEXT,
  ADD CONSTRAINT "DatasetVersion_wanted_preparation" CHECK (
    length("wantedFit") <= 20 AND length("wantedBackground") <= 20
  );
