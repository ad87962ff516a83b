-- How many threads each operation of a run gets: rounding depends on it, so a later attempt needs the same number.
-- Null for runs that no worker has taken yet, and for those from before it was recorded.
ALTER TABLE "Run" ADD COLUMN "threadsPerOperation" INTEGER;
ALTER TABLE "Run" ADD CONSTRAINT "Run_threadsPerOperation_range" CHECK ("threadsPerOperation" BETWEEN 1 AND 256);
