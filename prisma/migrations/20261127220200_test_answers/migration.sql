-- What every student of a run says to each test image, as a blob.
ALTER TABLE "Run" ADD COLUMN "testAnswersSha256" TEXT,
  ADD CONSTRAINT "Run_testAnswers_form" CHECK ("testAnswersSha256" ~ '^[0-9a-f]{64}$');
