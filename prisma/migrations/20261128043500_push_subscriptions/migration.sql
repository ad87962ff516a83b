-- Browsers that show notices while no page is open, by the Push API: one for each session, with which it ends.

CREATE TABLE "PushSubscription" (
    "sessionId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "p256dh" TEXT NOT NULL,
    "auth" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PushSubscription_pkey" PRIMARY KEY ("sessionId"),
    CONSTRAINT "PushSubscription_text_lengths" CHECK (
      length("sessionId") <= 64 AND length("userId") <= 64 AND length("endpoint") <= 1000 AND
      length("p256dh") <= 87 AND length("auth") <= 22)
);
CREATE UNIQUE INDEX "PushSubscription_endpoint_key" ON "PushSubscription"("endpoint");
CREATE INDEX "PushSubscription_userId_createdAt_idx" ON "PushSubscription"("userId", "createdAt");
ALTER TABLE "PushSubscription" ADD CONSTRAINT "PushSubscription_sessionId_fkey"
  FOREIGN KEY ("sessionId") REFERENCES "Session"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "PushSubscription" ADD CONSTRAINT "PushSubscription_userId_fkey"
  FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
