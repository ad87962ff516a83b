-- Which request, of any server, works on the bytes of an upload.
ALTER TABLE "Upload"
  ADD COLUMN "turnHolder" TEXT,
  ADD COLUMN "turnUntil" TIMESTAMPTZ(3),
  ADD COLUMN "isTurnWanted" BOOLEAN NOT NULL DEFAULT false,
  ADD CONSTRAINT "Upload_turn_whole" CHECK (("turnHolder" IS NULL) = ("turnUntil" IS NULL)),
  ADD CONSTRAINT "Upload_turnHolder_length" CHECK (length("turnHolder") <= 100);
