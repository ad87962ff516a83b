-- Test images that were recognized at the evaluations of a training, by class.

CREATE TABLE "ClassHits" (
    "teamId" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "student" SMALLINT NOT NULL,
    "hits" INTEGER[] NOT NULL,

    CONSTRAINT "ClassHits_pkey" PRIMARY KEY ("runId", "step", "student"),
    CONSTRAINT "ClassHits_text_lengths" CHECK (
      length("teamId") <= 64 AND length("runId") <= 64 AND cardinality("hits") <= 1000000),
    CONSTRAINT "ClassHits_ranges" CHECK ("step" >= 1 AND "student" BETWEEN -1 AND 15 AND 0 <= ALL ("hits"))
);
ALTER TABLE "ClassHits" ADD CONSTRAINT "ClassHits_teamId_runId_fkey"
  FOREIGN KEY ("teamId", "runId") REFERENCES "Run"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
