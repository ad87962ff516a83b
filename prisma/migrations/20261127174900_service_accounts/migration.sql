-- A service account is a user who cannot sign in and acts by keys alone; it is a member of its team.
ALTER TABLE "User" ADD COLUMN "isServiceAccount" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "ServiceAccount" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdById" TEXT NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ServiceAccount_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "ServiceAccount_userId_key" ON "ServiceAccount"("userId");
CREATE INDEX "ServiceAccount_teamId_idx" ON "ServiceAccount"("teamId");
ALTER TABLE "ServiceAccount"
  ADD CONSTRAINT "ServiceAccount_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ServiceAccount_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ServiceAccount_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "ServiceAccount_text_lengths" CHECK (
    length(id) <= 64 AND length("teamId") <= 64 AND length("userId") <= 64 AND length("createdById") <= 64);
