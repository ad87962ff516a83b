-- Points by columns: those of one event and one series are one row. A worker that tells many steps at once writes few rows,
-- and a reader of the event gets its points without a row for each.
CREATE TABLE "MetricChunk" (
  "teamId" TEXT NOT NULL,
  "runId" TEXT NOT NULL,
  "student" SMALLINT NOT NULL,
  "name" TEXT NOT NULL,
  "firstStep" INTEGER NOT NULL,
  "lastStep" INTEGER NOT NULL,
  "steps" INTEGER[] NOT NULL,
  "values" DOUBLE PRECISION[] NOT NULL,
  "eventSeq" INTEGER NOT NULL,
  CONSTRAINT "MetricChunk_pkey" PRIMARY KEY ("runId", "student", "name", "firstStep")
);

INSERT INTO "MetricChunk"
SELECT "teamId", "runId", student, name, min(step), max(step),
  array_agg(step ORDER BY step), array_agg(value ORDER BY step), "eventSeq"
FROM "MetricPoint" GROUP BY "teamId", "runId", student, name, "eventSeq";
DROP TRIGGER "Run_points_go_along" ON "Run";
DROP FUNCTION remove_points_of_run();
DROP TABLE "MetricPoint";
DROP FUNCTION add_to_metric_blocks();
DROP FUNCTION take_from_metric_blocks();

-- Each step of a chunk is greater than the one before it.
CREATE FUNCTION is_ascending(steps INTEGER[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT bool_and(step > before) IS NOT FALSE
  FROM (SELECT step, lag(step) OVER (ORDER BY place) AS before FROM unnest(steps) WITH ORDINALITY AS at (step, place)) AS pairs
$$;
ALTER TABLE "MetricChunk" ADD CONSTRAINT "MetricChunk_student_range" CHECK (student BETWEEN -1 AND 15);
ALTER TABLE "MetricChunk" ADD CONSTRAINT "MetricChunk_one_value_a_step" CHECK (
  cardinality(steps) >= 1 AND cardinality("values") = cardinality(steps)
  AND "firstStep" = steps[1] AND "lastStep" = steps[cardinality(steps)]);
ALTER TABLE "MetricChunk" ADD CONSTRAINT "MetricChunk_steps_ascend" CHECK (is_ascending(steps));
CREATE INDEX "MetricChunk_runId_eventSeq_idx" ON "MetricChunk"("runId", "eventSeq");
ALTER TABLE "MetricChunk" ADD CONSTRAINT "MetricChunk_teamId_runId_fkey"
  FOREIGN KEY ("teamId", "runId") REFERENCES "Run"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a chart of a long run shows is read off the lowest and the highest of every 64 steps. A block grows at its end only:
-- a step that it has already is refused here, whichever chunk brings it.
ALTER TABLE "MetricBlock" ADD CONSTRAINT "MetricBlock_each_step_once" CHECK ("count" BETWEEN 1 AND "lastStep" - "firstStep" + 1);

CREATE FUNCTION add_to_metric_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "MetricBlock" AS known
  SELECT "runId", student, name, step / 64, count(*), min(step), max(step),
    min(value), (array_agg(step ORDER BY value, step))[1], max(value), (array_agg(step ORDER BY value DESC, step))[1]
  FROM added, unnest(added.steps, added."values") AS point (step, value)
  GROUP BY "runId", student, name, step / 64
  ON CONFLICT ("runId", student, name, block) DO UPDATE SET
    "count" = CASE WHEN excluded."firstStep" > known."lastStep" THEN known."count" + excluded."count" ELSE 0 END,
    "lastStep" = excluded."lastStep",
    "lowStep" = CASE WHEN excluded.low < known.low THEN excluded."lowStep" ELSE known."lowStep" END,
    "low" = LEAST(known.low, excluded.low),
    "highStep" = CASE WHEN excluded.high > known.high THEN excluded."highStep" ELSE known."highStep" END,
    "high" = GREATEST(known.high, excluded.high);
  RETURN NULL;
END $$;
CREATE TRIGGER "MetricChunk_blocks_grow" AFTER INSERT ON "MetricChunk"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_to_metric_blocks();

-- Makes the blocks anew of which something was taken away, from what is left.
CREATE FUNCTION take_from_metric_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "MetricBlock" AS block USING (
    SELECT DISTINCT "runId", student, name, step / 64 AS block FROM removed, unnest(removed.steps) AS step) AS gone
  WHERE block."runId" = gone."runId" AND block.student = gone.student AND block.name = gone.name
    AND block.block = gone.block;
  INSERT INTO "MetricBlock"
  SELECT gone."runId", gone.student, gone.name, gone.block, count(*), min(step), max(step),
    min(value), (array_agg(step ORDER BY value, step))[1], max(value), (array_agg(step ORDER BY value DESC, step))[1]
  FROM (SELECT DISTINCT "runId", student, name, step / 64 AS block FROM removed, unnest(removed.steps) AS step) AS gone
  JOIN "MetricChunk" AS chunk ON chunk."runId" = gone."runId" AND chunk.student = gone.student
    AND chunk.name = gone.name AND chunk."firstStep" < gone.block * 64 + 64 AND chunk."lastStep" >= gone.block * 64,
    unnest(chunk.steps, chunk."values") AS point (step, value)
  WHERE step / 64 = gone.block
  GROUP BY gone."runId", gone.student, gone.name, gone.block;
  RETURN NULL;
END $$;
CREATE TRIGGER "MetricChunk_blocks_shrink" AFTER DELETE ON "MetricChunk"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION take_from_metric_blocks();
CREATE TRIGGER "MetricChunk_blocks_change" AFTER UPDATE ON "MetricChunk"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION take_from_metric_blocks();
