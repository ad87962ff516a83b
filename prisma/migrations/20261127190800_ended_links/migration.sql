-- Keys that were kept long enough are found by their age.
CREATE INDEX "IdempotencyKey_createdAt_idx" ON "IdempotencyKey"("createdAt");

-- Links whose maker has left, or may no longer share, have ended: they stay so when the maker comes back.
UPDATE "ShareLink" AS link SET "revokedAt" = now()
WHERE link."revokedAt" IS NULL AND NOT EXISTS (
  SELECT FROM "Member" AS maker
  WHERE maker."teamId" = link."teamId" AND maker."userId" = link."createdById" AND maker."role" <> 'VIEWER'
);
