-- An overview is a blob that names others. They are named here, too: a blob that no row names is removed.
ALTER TABLE "DatasetVersion" ADD COLUMN "overviewBlobs" TEXT[] NOT NULL DEFAULT '{}';
