-- What must hold whoever writes, and what Prisma's schema cannot express: checks, triggers and partial indexes.

-- ---- people and teams ----

ALTER TABLE "Team"
  ADD CONSTRAINT "Team_slug_form" CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'),
  ADD CONSTRAINT "Team_name_length" CHECK (length(name) BETWEEN 1 AND 80),
  ADD CONSTRAINT "Team_run_limits_range" CHECK ("maxRunningRuns" >= 0 AND "maxQueuedRuns" >= 0),
  ADD CONSTRAINT "Team_uploads_range" CHECK ("uploadedBytes" >= 0 AND "uploadQuotaBytes" >= 0);
ALTER TABLE "ApiKey"
  ADD CONSTRAINT "ApiKey_hash_form" CHECK (hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "ApiKey_name_length" CHECK (length(name) BETWEEN 1 AND 80);

-- ---- data ----

ALTER TABLE "Upload"
  ADD CONSTRAINT "Upload_length_range" CHECK ("byteLength" BETWEEN 1 AND 5368709120),
  ADD CONSTRAINT "Upload_finalized_is_hashed"
    CHECK ((status = 'FINALIZED') = (sha256 IS NOT NULL AND "finalizedAt" IS NOT NULL)),
  ADD CONSTRAINT "Upload_sha256_form" CHECK (sha256 ~ '^[0-9a-f]{64}$');
ALTER TABLE "Dataset" ADD CONSTRAINT "Dataset_name_length" CHECK (length(name) BETWEEN 1 AND 120);
-- Prisma writes a list's column without NOT NULL, here and below.
ALTER TABLE "DatasetVersion"
  ALTER COLUMN "overviewBlobs" SET NOT NULL,
  ADD CONSTRAINT "DatasetVersion_ready_is_whole"
    CHECK (status <> 'READY' OR (manifest IS NOT NULL AND report IS NOT NULL AND "readyAt" IS NOT NULL)),
  ADD CONSTRAINT "DatasetVersion_failed_says_why" CHECK ((status = 'FAILED') = (failure IS NOT NULL)),
  ADD CONSTRAINT "DatasetVersion_edit_is_of_parent" CHECK (edit IS NULL OR "parentId" IS NOT NULL),
  ADD CONSTRAINT "DatasetVersion_overview_form" CHECK ("overviewSha256" ~ '^[0-9a-f]{64}$');

-- A version never changes once READY.
CREATE FUNCTION refuse_change_of_ready_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'dataset version % is READY and never changes', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER "DatasetVersion_ready_stays" BEFORE UPDATE ON "DatasetVersion"
  FOR EACH ROW WHEN (OLD.status = 'READY') EXECUTE FUNCTION refuse_change_of_ready_version();

-- ---- cohorts ----

ALTER TABLE "Cohort"
  ADD CONSTRAINT "Cohort_name_length" CHECK (length(name) BETWEEN 1 AND 120),
  ADD CONSTRAINT "Cohort_teaching_range" CHECK (temperature > 0 AND weight >= 0),
  ADD CONSTRAINT "Cohort_partners_are_mutual" CHECK ("partnerRule" = 'ALL' OR method = 'MUTUAL');
ALTER TABLE "Student"
  ADD CONSTRAINT "Student_position_range" CHECK (position BETWEEN 0 AND 15),
  ADD CONSTRAINT "Student_finished_is_whole" CHECK (("finishedModelId" IS NULL) = ("weightsSha256" IS NULL)),
  ADD CONSTRAINT "Student_finished_comes_first" CHECK ("finishedModelId" IS NULL OR position = 0),
  ADD CONSTRAINT "Student_weightsSha256_form" CHECK ("weightsSha256" ~ '^[0-9a-f]{64}$');

-- Students who teach each other are at least two. Checked at commit, when the students are there.
CREATE FUNCTION check_cohort_has_students() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE students int;
BEGIN
  SELECT count(*) INTO students FROM "Student" WHERE "cohortId" = NEW.id;
  IF students < 1 OR (NEW.method <> 'INDEPENDENT' AND students < 2) THEN
    RAISE EXCEPTION 'cohort % has % students, too few for %', NEW.id, students, NEW.method USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "Cohort_has_students" AFTER INSERT OR UPDATE ON "Cohort"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_cohort_has_students();

-- ---- runs ----

ALTER TABLE "Run"
  ADD CONSTRAINT "Run_counters_range"
    CHECK (number >= 1 AND seed >= 0 AND attempt >= 1 AND fence >= 0 AND step >= 0 AND epoch >= 0 AND "lastSeq" >= 0),
  ADD CONSTRAINT "Run_priority_range" CHECK (priority BETWEEN -100 AND 100),
  ADD CONSTRAINT "Run_attemptsWithoutProgress_range" CHECK ("attemptsWithoutProgress" >= 0),
  ADD CONSTRAINT "Run_label_form" CHECK (label ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
  ADD CONSTRAINT "Run_retrievalQueries_form" CHECK ("retrievalQueriesSha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Run_labelSuspects_form" CHECK ("labelSuspectsSha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Run_held_has_lease" CHECK (status NOT IN ('STARTING', 'RUNNING') OR "leaseUntil" IS NOT NULL),
  ADD CONSTRAINT "Run_paused_says_why" CHECK ((status = 'PAUSED') = ("pauseReason" IS NOT NULL)),
  ADD CONSTRAINT "Run_failed_says_why"
    CHECK ((status = 'FAILED') = ("failureCode" IS NOT NULL AND "failureMessage" IS NOT NULL)),
  ADD CONSTRAINT "Run_succeeded_is_evaluated" CHECK (status <> 'SUCCEEDED' OR evaluation IS NOT NULL),
  ADD CONSTRAINT "Run_ended_has_time"
    CHECK ((status IN ('SUCCEEDED', 'FAILED', 'CANCELED')) = ("finishedAt" IS NOT NULL));

-- What a claim reads: the first waiting run of every team, and how many runs each team's workers hold.
CREATE INDEX "Run_waiting_idx" ON "Run" ("teamId", priority DESC, "createdAt", id) WHERE status = 'QUEUED';
CREATE INDEX "Run_held_idx" ON "Run" ("teamId") WHERE status IN ('STARTING', 'RUNNING', 'PAUSING');

-- The contract's RUN_TRANSITIONS, once more: a test tries every pair of statuses against both.
CREATE FUNCTION check_run_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'QUEUED' THEN
      RAISE EXCEPTION 'a run begins QUEUED, not %', NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.fence < OLD.fence OR NEW."lastSeq" < OLD."lastSeq" THEN
    RAISE EXCEPTION 'fence and lastSeq of run % never go back', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  allowed := CASE OLD.status
    WHEN 'QUEUED' THEN ARRAY['STARTING', 'PAUSED', 'FAILED', 'CANCELED']
    WHEN 'STARTING' THEN ARRAY['RUNNING', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'RUNNING' THEN ARRAY['SUCCEEDED', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'PAUSING' THEN ARRAY['RUNNING', 'PAUSED', 'SUCCEEDED', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'PAUSED' THEN ARRAY['QUEUED', 'CANCELED']
    WHEN 'FAILED' THEN ARRAY['QUEUED']
    WHEN 'CANCELED' THEN ARRAY['QUEUED']
    ELSE ARRAY[]::text[]
  END;
  IF NOT NEW.status::text = ANY (allowed) THEN
    RAISE EXCEPTION 'run % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "Run_transition" BEFORE INSERT OR UPDATE ON "Run" FOR EACH ROW EXECUTE FUNCTION check_run_transition();

ALTER TABLE "RunAttempt"
  ADD CONSTRAINT "RunAttempt_number_range" CHECK (number >= 1),
  ADD CONSTRAINT "RunAttempt_ended_says_how" CHECK (("endedAt" IS NULL) = (outcome IS NULL)),
  ADD CONSTRAINT "RunAttempt_failure_is_whole" CHECK (("failureCode" IS NULL) = ("failureMessage" IS NULL));
ALTER TABLE "Checkpoint"
  ADD CONSTRAINT "Checkpoint_position_range" CHECK (step >= 1 AND epoch >= 1),
  ADD CONSTRAINT "Checkpoint_sha256_form" CHECK (sha256 ~ '^[0-9a-f]{64}$');

ALTER TABLE "RunEvent" ADD CONSTRAINT "RunEvent_seq_range" CHECK (seq >= 1);
-- The lines of a run's log lie among its metrics, which are many more: this finds them without reading those.
CREATE INDEX "RunEvent_lines" ON "RunEvent" ("runId", seq) WHERE kind IN ('LOG', 'STATUS');

-- ---- points ----

-- Each step of a chunk is greater than the one before it.
CREATE FUNCTION is_ascending(steps INTEGER[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT bool_and(step > before) IS NOT FALSE
  FROM (SELECT step, lag(step) OVER (ORDER BY place) AS before FROM unnest(steps) WITH ORDINALITY AS at (step, place)) AS pairs
$$;
ALTER TABLE "MetricChunk"
  ALTER COLUMN steps SET NOT NULL,
  ALTER COLUMN "values" SET NOT NULL,
  ADD CONSTRAINT "MetricChunk_student_range" CHECK (student BETWEEN -1 AND 15),
  ADD CONSTRAINT "MetricChunk_one_value_a_step" CHECK (
    cardinality(steps) >= 1 AND cardinality("values") = cardinality(steps)
    AND "firstStep" = steps[1] AND "lastStep" = steps[cardinality(steps)]),
  ADD CONSTRAINT "MetricChunk_steps_ascend" CHECK (is_ascending(steps));

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

-- ---- workers ----

ALTER TABLE "Worker"
  ALTER COLUMN labels SET NOT NULL,
  ADD CONSTRAINT "Worker_capacity_range" CHECK (capacity >= 1),
  ADD CONSTRAINT "Worker_cpuLoad_range" CHECK ("cpuLoad" BETWEEN 0 AND 1);

-- ---- results ----

ALTER TABLE "Model"
  ADD CONSTRAINT "Model_top1_range" CHECK (top1 BETWEEN 0 AND 1),
  ADD CONSTRAINT "Model_retrieval_range" CHECK ("meanAveragePrecision" BETWEEN 0 AND 1 AND rank1 BETWEEN 0 AND 1),
  ADD CONSTRAINT "Model_is_measured_one_way" CHECK (
    num_nonnulls(top1, loss) IN (0, 2) AND num_nonnulls("meanAveragePrecision", rank1) IN (0, 2)
    AND num_nonnulls(top1, "meanAveragePrecision") = 1);
ALTER TABLE "Ensemble"
  ADD CONSTRAINT "Ensemble_top1_range"
    CHECK ("meanPosteriorTop1" BETWEEN 0 AND 1 AND "concatenatedFeaturesTop1" BETWEEN 0 AND 1),
  ADD CONSTRAINT "Ensemble_retrieval_range" CHECK ("meanAveragePrecision" BETWEEN 0 AND 1 AND rank1 BETWEEN 0 AND 1),
  ADD CONSTRAINT "Ensemble_is_measured_one_way" CHECK (
    num_nonnulls("meanPosteriorTop1", "concatenatedFeaturesTop1") IN (0, 2)
    AND num_nonnulls("meanAveragePrecision", rank1) IN (0, 2)
    AND num_nonnulls("meanPosteriorTop1", "meanAveragePrecision") = 1);
ALTER TABLE "Artifact"
  ADD CONSTRAINT "Artifact_of_one_thing" CHECK (num_nonnulls("modelId", "ensembleId") = 1),
  ADD CONSTRAINT "Artifact_sha256_form" CHECK (sha256 ~ '^[0-9a-f]{64}$');
ALTER TABLE "Export"
  ADD CONSTRAINT "Export_of_one_thing" CHECK (num_nonnulls("modelId", "ensembleId") = 1),
  ADD CONSTRAINT "Export_failed_says_why" CHECK ((status = 'FAILED') = (failure IS NOT NULL)),
  ADD CONSTRAINT "Export_ended_has_time" CHECK ((status IN ('READY', 'FAILED')) = ("finishedAt" IS NOT NULL)),
  ADD CONSTRAINT "Export_step_of_running" CHECK (step IS NULL OR status = 'RUNNING');
ALTER TABLE "ModelAlias"
  ADD CONSTRAINT "ModelAlias_of_one_thing" CHECK (num_nonnulls("modelId", "ensembleId") = 1),
  ADD CONSTRAINT "ModelAlias_name_form" CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$');
