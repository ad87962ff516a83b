-- Every text has a greatest length here, too, whoever writes: use cases refuse what is longer in words, this is what holds where
-- one forgets to. Ids have 64 characters at most; JSON and lists are limited by their bytes.

-- Names of people had no limit before.
UPDATE "User" SET name = left(name, 80) WHERE length(name) > 80;
UPDATE "User" SET image = NULL WHERE length(image) > 2000;
UPDATE "Session" SET "userAgent" = left("userAgent", 500) WHERE length("userAgent") > 500;
UPDATE "Session" SET "ipAddress" = left("ipAddress", 100) WHERE length("ipAddress") > 100;
-- Neither had those of failures.
UPDATE "Run" SET "failureMessage" = left("failureMessage", 2000) WHERE length("failureMessage") > 2000;
UPDATE "RunAttempt" SET "failureMessage" = left("failureMessage", 2000) WHERE length("failureMessage") > 2000;
UPDATE "DatasetVersion" SET failure = left(failure, 2000) WHERE length(failure) > 2000;

ALTER TABLE "User" ADD CONSTRAINT "User_text_lengths" CHECK (
  length(id) <= 64 AND length(name) <= 80 AND length(email) <= 320 AND length(image) <= 2000);
ALTER TABLE "Session" ADD CONSTRAINT "Session_text_lengths" CHECK (
  length(id) <= 64 AND length(token) <= 200 AND length("userId") <= 64 AND length("ipAddress") <= 100 AND
  length("userAgent") <= 500);
ALTER TABLE "Account" ADD CONSTRAINT "Account_text_lengths" CHECK (
  length(id) <= 64 AND length("accountId") <= 320 AND length("providerId") <= 100 AND length("userId") <= 64 AND
  length("accessToken") <= 10000 AND length("refreshToken") <= 10000 AND length("idToken") <= 20000 AND
  length(scope) <= 2000 AND length(password) <= 500);
ALTER TABLE "Verification" ADD CONSTRAINT "Verification_text_lengths" CHECK (
  length(id) <= 64 AND length(identifier) <= 500 AND length(value) <= 10000);
ALTER TABLE "Team" ADD CONSTRAINT "Team_text_lengths" CHECK (
  length(id) <= 64);
ALTER TABLE "Member" ADD CONSTRAINT "Member_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("userId") <= 64);
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("createdById") <= 64 AND length(prefix) <= 20);
ALTER TABLE "Upload" ADD CONSTRAINT "Upload_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("createdById") <= 64 AND length("fileName") <= 255 AND
  pg_column_size(inspection) <= 1048576);
ALTER TABLE "Dataset" ADD CONSTRAINT "Dataset_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64);
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("datasetId") <= 64 AND length("uploadId") <= 64 AND
  length("parentId") <= 64 AND length(format) <= 40 AND length(failure) <= 2000 AND
  pg_column_size(edit) <= 16777216 AND pg_column_size(manifest) <= 16777216 AND
  pg_column_size(report) <= 67108864 AND pg_column_size("overviewBlobs") <= 67108864);
ALTER TABLE "Cohort" ADD CONSTRAINT "Cohort_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64);
ALTER TABLE "Student" ADD CONSTRAINT "Student_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("cohortId") <= 64 AND length(name) <= 40 AND
  length(architecture) <= 100 AND length("finishedModelId") <= 64);
ALTER TABLE "Run" ADD CONSTRAINT "Run_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("cohortId") <= 64 AND
  length("datasetVersionId") <= 64 AND length("createdById") <= 64 AND length(preset) <= 100 AND
  pg_column_size(recipe) <= 65536 AND length("engineBuild") <= 100 AND length("workerName") <= 300 AND
  length("failureCode") <= 40 AND length("failureMessage") <= 2000 AND
  pg_column_size(evaluation) <= 268435456 AND length("idempotencyKey") <= 80);
ALTER TABLE "RunAttempt" ADD CONSTRAINT "RunAttempt_text_lengths" CHECK (
  length("teamId") <= 64 AND length("runId") <= 64 AND length("workerName") <= 300 AND
  length("failureCode") <= 40 AND length("failureMessage") <= 2000);
ALTER TABLE "Checkpoint" ADD CONSTRAINT "Checkpoint_text_lengths" CHECK (
  length("teamId") <= 64 AND length("runId") <= 64 AND length(sha256) <= 64);
ALTER TABLE "RunEvent" ADD CONSTRAINT "RunEvent_text_lengths" CHECK (
  length("teamId") <= 64 AND length("runId") <= 64 AND pg_column_size(payload) <= 268435456);
ALTER TABLE "MetricChunk" ADD CONSTRAINT "MetricChunk_text_lengths" CHECK (
  length("teamId") <= 64 AND length("runId") <= 64 AND length(name) <= 40 AND
  pg_column_size(steps) <= 67108864 AND pg_column_size("values") <= 67108864);
ALTER TABLE "MetricBlock" ADD CONSTRAINT "MetricBlock_text_lengths" CHECK (
  length("runId") <= 64 AND length(name) <= 40);
ALTER TABLE "Worker" ADD CONSTRAINT "Worker_text_lengths" CHECK (
  length(id) <= 64 AND length(name) <= 300 AND length(host) <= 255 AND length("deviceName") <= 500 AND
  pg_column_size(labels) <= 10000 AND length("engineVersion") <= 40 AND length("engineBuild") <= 100);
ALTER TABLE "Model" ADD CONSTRAINT "Model_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("runId") <= 64 AND length("studentId") <= 64);
ALTER TABLE "Ensemble" ADD CONSTRAINT "Ensemble_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("runId") <= 64);
ALTER TABLE "Artifact" ADD CONSTRAINT "Artifact_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("modelId") <= 64 AND length("ensembleId") <= 64 AND
  length("fileName") <= 255);
ALTER TABLE "Export" ADD CONSTRAINT "Export_text_lengths" CHECK (
  length(id) <= 64 AND length("teamId") <= 64 AND length("modelId") <= 64 AND length("ensembleId") <= 64 AND
  length(failure) <= 2000 AND length("createdById") <= 64);
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_text_lengths" CHECK (
  length("teamId") <= 64 AND length("datasetId") <= 64 AND length("modelId") <= 64 AND
  length("ensembleId") <= 64 AND length("setById") <= 64);
