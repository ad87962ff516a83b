-- An event of which no notices can be made waits, and keeps no other.
ALTER TABLE "TeamEvent" ADD COLUMN "dispatchFailures" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "nextDispatchAt" TIMESTAMPTZ(3);

-- How many mails about events a person had within the hour.
CREATE TABLE "NoticeMail" (
    "userId" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "NoticeMail_pkey" PRIMARY KEY ("userId","eventId"),
    CONSTRAINT "NoticeMail_text_lengths" CHECK (length("userId") <= 64 AND length("eventId") <= 64)
);
CREATE INDEX "NoticeMail_userId_createdAt_idx" ON "NoticeMail"("userId", "createdAt");
ALTER TABLE "NoticeMail" ADD CONSTRAINT "NoticeMail_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A version made by an edit is of its editor, though its bytes are another person's upload.
ALTER TABLE "DatasetVersion" ADD COLUMN "createdById" TEXT,
  ADD CONSTRAINT "DatasetVersion_createdById_length" CHECK (length("createdById") <= 64);
CREATE INDEX "DatasetVersion_createdById_idx" ON "DatasetVersion"("createdById");
ALTER TABLE "DatasetVersion" ADD CONSTRAINT "DatasetVersion_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
UPDATE "TeamEvent" SET data = data - 'uploadedBy' || jsonb_build_object('createdBy', data -> 'uploadedBy')
  WHERE kind = 'DATASET_READY' AND data ? 'uploadedBy';
