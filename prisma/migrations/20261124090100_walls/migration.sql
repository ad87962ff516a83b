-- The last wall: what must hold whoever writes. Prisma's schema cannot say these.

-- Sizes and forms
ALTER TABLE "Team" ADD CONSTRAINT "Team_slug_form" CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$');
ALTER TABLE "Team" ADD CONSTRAINT "Team_name_length" CHECK (length(name) BETWEEN 1 AND 80);
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_hash_form" CHECK (hash ~ '^[0-9a-f]{64}$');
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_name_length" CHECK (length(name) BETWEEN 1 AND 80);
ALTER TABLE "Dataset" ADD CONSTRAINT "Dataset_name_length" CHECK (length(name) BETWEEN 1 AND 120);
ALTER TABLE "Cohort" ADD CONSTRAINT "Cohort_name_length" CHECK (length(name) BETWEEN 1 AND 120);
ALTER TABLE "Cohort" ADD CONSTRAINT "Cohort_teaching_range" CHECK (temperature > 0 AND weight >= 0);
ALTER TABLE "Student" ADD CONSTRAINT "Student_position_range" CHECK (position BETWEEN 0 AND 15);
ALTER TABLE "Upload" ADD CONSTRAINT "Upload_length_range" CHECK ("byteLength" BETWEEN 1 AND 5368709120);
ALTER TABLE "Upload" ADD CONSTRAINT "Upload_finalized_is_hashed"
  CHECK (("status" = 'FINALIZED') = (sha256 IS NOT NULL AND "finalizedAt" IS NOT NULL));
ALTER TABLE "Upload" ADD CONSTRAINT "Upload_sha256_form" CHECK (sha256 ~ '^[0-9a-f]{64}$');
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_ready_is_whole"
  CHECK ("status" <> 'READY' OR (manifest IS NOT NULL AND report IS NOT NULL AND "readyAt" IS NOT NULL));
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_failed_says_why"
  CHECK (("status" = 'FAILED') = (failure IS NOT NULL));
ALTER TABLE "Run" ADD CONSTRAINT "Run_counters_range"
  CHECK (number >= 1 AND seed >= 0 AND attempt >= 1 AND fence >= 0 AND step >= 0 AND epoch >= 0 AND "lastSeq" >= 0);
ALTER TABLE "Run" ADD CONSTRAINT "Run_failed_says_why"
  CHECK (("status" = 'FAILED') = ("failureCode" IS NOT NULL AND "failureMessage" IS NOT NULL));
ALTER TABLE "Run" ADD CONSTRAINT "Run_succeeded_is_evaluated" CHECK ("status" <> 'SUCCEEDED' OR evaluation IS NOT NULL);
ALTER TABLE "Run" ADD CONSTRAINT "Run_ended_has_time"
  CHECK (("status" IN ('SUCCEEDED', 'FAILED', 'CANCELED')) = ("finishedAt" IS NOT NULL));
ALTER TABLE "Run" ADD CONSTRAINT "Run_held_has_lease" CHECK ("status" NOT IN ('STARTING', 'RUNNING') OR "leaseUntil" IS NOT NULL);
ALTER TABLE "RunEvent" ADD CONSTRAINT "RunEvent_seq_range" CHECK (seq >= 1);
ALTER TABLE "MetricPoint" ADD CONSTRAINT "MetricPoint_student_range" CHECK (student BETWEEN -1 AND 15);
ALTER TABLE "Model" ADD CONSTRAINT "Model_top1_range" CHECK (top1 BETWEEN 0 AND 1);
ALTER TABLE "Ensemble" ADD CONSTRAINT "Ensemble_top1_range"
  CHECK ("meanPosteriorTop1" BETWEEN 0 AND 1 AND "concatenatedFeaturesTop1" BETWEEN 0 AND 1);
ALTER TABLE "Artifact" ADD CONSTRAINT "Artifact_of_one_thing" CHECK (num_nonnulls("modelId", "ensembleId") = 1);
ALTER TABLE "Artifact" ADD CONSTRAINT "Artifact_sha256_form" CHECK (sha256 ~ '^[0-9a-f]{64}$');

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

-- A version never changes once READY.
CREATE FUNCTION refuse_change_of_ready_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'dataset version % is READY and never changes', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER "DatasetVersion_ready_stays" BEFORE UPDATE ON "DatasetVersion"
  FOR EACH ROW WHEN (OLD."status" = 'READY') EXECUTE FUNCTION refuse_change_of_ready_version();

-- The run's states: the same table as contract/run-states.ts; a test compares them.
CREATE FUNCTION check_run_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW."status" <> 'QUEUED' THEN
      RAISE EXCEPTION 'a run begins QUEUED, not %', NEW."status" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.fence < OLD.fence OR NEW."lastSeq" < OLD."lastSeq" THEN
    RAISE EXCEPTION 'fence and lastSeq of run % never go back', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW."status" = OLD."status" THEN
    RETURN NEW;
  END IF;
  allowed := CASE OLD."status"
    WHEN 'QUEUED' THEN ARRAY['STARTING', 'FAILED', 'CANCELED']
    WHEN 'STARTING' THEN ARRAY['RUNNING', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'RUNNING' THEN ARRAY['SUCCEEDED', 'PAUSING', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'PAUSING' THEN ARRAY['PAUSED', 'SUCCEEDED', 'QUEUED', 'FAILED', 'CANCELED']
    WHEN 'PAUSED' THEN ARRAY['QUEUED', 'CANCELED']
    ELSE ARRAY[]::text[]
  END;
  IF NOT NEW."status"::text = ANY (allowed) THEN
    RAISE EXCEPTION 'run % cannot go from % to %', OLD.id, OLD."status", NEW."status" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "Run_transition" BEFORE INSERT OR UPDATE ON "Run" FOR EACH ROW EXECUTE FUNCTION check_run_transition();
