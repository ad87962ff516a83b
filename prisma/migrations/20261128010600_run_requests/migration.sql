-- The request that started a run or changed its state last, which the worker's log names.
ALTER TABLE "Run" ADD COLUMN "requestId" TEXT,
  ADD CONSTRAINT "Run_requestId_length" CHECK (length("requestId") <= 100);
