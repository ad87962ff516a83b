-- Many points a second, and pages of runs with many.

-- A point is written under its run's row lock, with the team that the row names: to check both again for each of thousands
-- of points a second is most of what a point costs. With the run go its points, as before.
ALTER TABLE "MetricPoint" DROP CONSTRAINT "MetricPoint_teamId_fkey";
ALTER TABLE "MetricPoint" DROP CONSTRAINT "MetricPoint_teamId_runId_fkey";
CREATE FUNCTION remove_points_of_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "MetricPoint" WHERE "runId" = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "Run_points_go_along" AFTER DELETE ON "Run" FOR EACH ROW EXECUTE FUNCTION remove_points_of_run();

-- The lowest and the highest of every 64 steps of a series: what a chart of a long run shows is read off these.
CREATE TABLE "MetricBlock" (
  "runId" TEXT NOT NULL,
  "student" SMALLINT NOT NULL,
  "name" TEXT NOT NULL,
  "block" INTEGER NOT NULL,
  "count" INTEGER NOT NULL,
  "firstStep" INTEGER NOT NULL,
  "lastStep" INTEGER NOT NULL,
  "low" DOUBLE PRECISION NOT NULL,
  "lowStep" INTEGER NOT NULL,
  "high" DOUBLE PRECISION NOT NULL,
  "highStep" INTEGER NOT NULL,
  CONSTRAINT "MetricBlock_pkey" PRIMARY KEY ("runId", "student", "name", "block")
);

CREATE FUNCTION add_to_metric_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "MetricBlock" AS known
  SELECT "runId", student, name, step / 64, count(*), min(step), max(step),
    min(value), (array_agg(step ORDER BY value, step))[1], max(value), (array_agg(step ORDER BY value DESC, step))[1]
  FROM added GROUP BY "runId", student, name, step / 64
  ON CONFLICT ("runId", student, name, block) DO UPDATE SET
    "count" = known."count" + excluded."count",
    "firstStep" = LEAST(known."firstStep", excluded."firstStep"),
    "lastStep" = GREATEST(known."lastStep", excluded."lastStep"),
    "lowStep" = CASE WHEN excluded.low < known.low THEN excluded."lowStep" ELSE known."lowStep" END,
    "low" = LEAST(known.low, excluded.low),
    "highStep" = CASE WHEN excluded.high > known.high THEN excluded."highStep" ELSE known."highStep" END,
    "high" = GREATEST(known.high, excluded.high);
  RETURN NULL;
END $$;
CREATE TRIGGER "MetricPoint_blocks_grow" AFTER INSERT ON "MetricPoint"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_to_metric_blocks();

CREATE FUNCTION take_from_metric_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "MetricBlock" AS block USING (
    SELECT DISTINCT "runId", student, name, step / 64 AS block FROM removed) AS gone
  WHERE block."runId" = gone."runId" AND block.student = gone.student AND block.name = gone.name
    AND block.block = gone.block;
  INSERT INTO "MetricBlock"
  SELECT point."runId", point.student, point.name, point.step / 64, count(*), min(step), max(step),
    min(value), (array_agg(step ORDER BY value, step))[1], max(value), (array_agg(step ORDER BY value DESC, step))[1]
  FROM (SELECT DISTINCT "runId", student, name, step / 64 AS block FROM removed) AS gone
  JOIN "MetricPoint" AS point ON point."runId" = gone."runId" AND point.student = gone.student
    AND point.name = gone.name AND point.step BETWEEN gone.block * 64 AND gone.block * 64 + 63
  GROUP BY point."runId", point.student, point.name, point.step / 64;
  RETURN NULL;
END $$;
CREATE TRIGGER "MetricPoint_blocks_shrink" AFTER DELETE ON "MetricPoint"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION take_from_metric_blocks();

INSERT INTO "MetricBlock"
SELECT "runId", student, name, step / 64, count(*), min(step), max(step),
  min(value), (array_agg(step ORDER BY value, step))[1], max(value), (array_agg(step ORDER BY value DESC, step))[1]
FROM "MetricPoint" GROUP BY "runId", student, name, step / 64;
