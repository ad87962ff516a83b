-- Somebody whom an administrator has suspended, and when each person signed in last, which outlives their sessions.
ALTER TABLE "User" ADD COLUMN "suspendedAt" TIMESTAMPTZ(3), ADD COLUMN "lastSignInAt" TIMESTAMPTZ(3);
UPDATE "User" SET "lastSignInAt" = (SELECT max("createdAt") FROM "Session" WHERE "userId" = "User".id);

-- The list of the instance's people is read by pages of this order.
CREATE INDEX "User_createdAt_id_idx" ON "User" ("createdAt", id);
