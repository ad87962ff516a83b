ALTER TABLE "User" ADD COLUMN "isAdministrator" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "Mail" (
    "id" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failure" TEXT,

    CONSTRAINT "Mail_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "Mail_nextAttemptAt_idx" ON "Mail"("nextAttemptAt");
ALTER TABLE "Mail" ADD CONSTRAINT "Mail_text_lengths" CHECK (
  length(id) <= 64 AND length("to") <= 320 AND length(subject) <= 200 AND length(text) <= 5000 AND length(failure) <= 2000);

-- Whoever came first to an instance that is older than this.
UPDATE "User" SET "isAdministrator" = true
  WHERE id = (SELECT id FROM "User" ORDER BY "createdAt", id LIMIT 1);

-- The first person administers the instance. Two first ones at once come in one after the other.
CREATE FUNCTION make_first_person_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM "User") THEN
    PERFORM pg_advisory_xact_lock(hashtext('first person'));
    NEW."isAdministrator" := NOT EXISTS (SELECT FROM "User");
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "User_first_is_administrator" BEFORE INSERT ON "User"
  FOR EACH ROW EXECUTE FUNCTION make_first_person_administrator();
