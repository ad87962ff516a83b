-- The span of the request that started a run or changed its state last, in W3C's format.
ALTER TABLE "Run" ADD COLUMN "traceparent" TEXT,
  ADD CONSTRAINT "Run_traceparent_length" CHECK (length("traceparent") <= 100);
