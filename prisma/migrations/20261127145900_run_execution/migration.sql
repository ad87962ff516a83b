-- How a run's steps are handed to TensorFlow, and the card's software, on which its numbers depend. Null for runs that
-- no worker has taken yet, and for those from before it was recorded.
ALTER TABLE "Run" ADD COLUMN "executionMode" TEXT;
ALTER TABLE "Run" ADD COLUMN "executionDevice" TEXT;
ALTER TABLE "Run" ADD CONSTRAINT "Run_executionMode_known" CHECK ("executionMode" IN ('PLAIN', 'COMPILED'));
ALTER TABLE "Run" ADD CONSTRAINT "Run_executionDevice_length" CHECK (char_length("executionDevice") <= 500);

-- What a worker's cards run on, and how they are used; null for a processor.
ALTER TABLE "Worker" ADD COLUMN "deviceSoftware" TEXT;
ALTER TABLE "Worker" ADD COLUMN "deviceMemoryUsedBytes" BIGINT;
ALTER TABLE "Worker" ADD COLUMN "deviceLoad" DOUBLE PRECISION;
ALTER TABLE "Run" ADD CONSTRAINT "Run_executionMode_length" CHECK (char_length("executionMode") <= 20);
ALTER TABLE "Worker" ADD CONSTRAINT "Worker_deviceSoftware_length" CHECK (char_length("deviceSoftware") <= 500);
