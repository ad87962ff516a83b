-- What a mutation made for a key, written in the transaction that made it: the same key makes it once.
CREATE TABLE "IdempotencyKey" (
    "userId" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "subjectId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("userId", "mutation", "key")
);
ALTER TABLE "IdempotencyKey"
  ADD CONSTRAINT "IdempotencyKey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "IdempotencyKey_text_lengths" CHECK (
    length("userId") <= 64 AND length("mutation") <= 64 AND length("key") BETWEEN 1 AND 80 AND length("subjectId") <= 64 AND
    pg_column_size("fields") <= 10000);
