-- What people say about a run, and what a list of ten thousand runs is filtered and ordered by.

ALTER TABLE "Run"
  ADD COLUMN name TEXT,
  ADD COLUMN tags TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN notes TEXT,
  ADD COLUMN "archivedAt" TIMESTAMPTZ(3),
  ADD COLUMN "clonedFromId" TEXT,
  ADD COLUMN "bestScore" DOUBLE PRECISION,
  ADD COLUMN "lastScore" DOUBLE PRECISION,
  -- Equal where every field of two recipes is.
  ADD COLUMN "recipeKey" TEXT GENERATED ALWAYS AS (md5(recipe::text)) STORED,
  ADD CONSTRAINT "Run_words_lengths" CHECK (
    length(name) <= 120 AND length(notes) <= 10000 AND length("clonedFromId") <= 64 AND
    length("recipeKey") <= 32 AND pg_column_size(tags) <= 10000),
  ADD CONSTRAINT "Run_clonedFrom_fkey" FOREIGN KEY ("teamId", "clonedFromId") REFERENCES "Run" ("teamId", id)
    ON DELETE NO ACTION ON UPDATE CASCADE;
CREATE INDEX "Run_teamId_cohortId_number_idx" ON "Run" ("teamId", "cohortId", number);
CREATE INDEX "Run_teamId_datasetVersionId_number_idx" ON "Run" ("teamId", "datasetVersionId", number);
CREATE INDEX "Run_teamId_clonedFromId_idx" ON "Run" ("teamId", "clonedFromId");

-- The best student's best and latest score on the test images: top-1 accuracy, or mean average precision.
CREATE FUNCTION set_run_scores(run_ids text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE "Run" AS run SET "bestScore" = scores.best, "lastScore" = scores.last
  FROM (
    SELECT r.id, max(one.best) AS best, max(one.last) AS last
    FROM "Run" AS r JOIN "Student" AS s ON s."cohortId" = r."cohortId"
    CROSS JOIN unnest(ARRAY['testTop1', 'testMap']) AS metric (name)
    CROSS JOIN LATERAL (SELECT
      (SELECT max(high) FROM "MetricBlock" AS b
        WHERE b."runId" = r.id AND b.student = s.position AND b.name = metric.name) AS best,
      (SELECT "values"[cardinality("values")] FROM "MetricChunk" AS c
        WHERE c."runId" = r.id AND c.student = s.position AND c.name = metric.name
        ORDER BY "firstStep" DESC LIMIT 1) AS last) AS one
    WHERE r.id = ANY (run_ids) GROUP BY r.id) AS scores
  WHERE run.id = scores.id
$$;

CREATE FUNCTION keep_run_scores() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE run_ids text[];
BEGIN
  SELECT array_agg(DISTINCT "runId") INTO run_ids FROM changed WHERE name IN ('testTop1', 'testMap');
  IF run_ids IS NOT NULL THEN
    PERFORM set_run_scores(run_ids);
  END IF;
  RETURN NULL;
END $$;
-- Triggers of one event run in the order of their names: the blocks, which are read here, come first.
CREATE TRIGGER "MetricChunk_scores_grow" AFTER INSERT ON "MetricChunk"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_run_scores();
CREATE TRIGGER "MetricChunk_scores_shrink" AFTER DELETE ON "MetricChunk"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_run_scores();
CREATE TRIGGER "MetricChunk_scores_update" AFTER UPDATE ON "MetricChunk"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_run_scores();
SELECT set_run_scores(array_agg(id)) FROM "Run";

-- ---- saved views of the list of runs ----

CREATE TABLE "RunView" (
  id TEXT NOT NULL,
  "teamId" TEXT NOT NULL,
  name TEXT NOT NULL,
  search TEXT NOT NULL,
  "isDefault" BOOLEAN NOT NULL DEFAULT false,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "RunView_pkey" PRIMARY KEY (id),
  CONSTRAINT "RunView_text_lengths" CHECK (
    length(id) <= 64 AND length("teamId") <= 64 AND length(name) <= 80 AND length(search) <= 4000),
  CONSTRAINT "RunView_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "RunView_teamId_name_key" ON "RunView" ("teamId", name);
CREATE UNIQUE INDEX "RunView_default_key" ON "RunView" ("teamId") WHERE "isDefault";
