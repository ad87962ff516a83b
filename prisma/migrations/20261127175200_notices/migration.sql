-- What happens in a team, and how people and webhooks are told of it.

CREATE TYPE "TeamEventKind" AS ENUM ('RUN_SUCCEEDED', 'RUN_FAILED', 'RUN_CANCELED', 'RUN_PAUSED', 'DATASET_READY',
  'MODEL_EXPORTED', 'EXPERIMENT_FINISHED', 'MEMBER_JOINED', 'WEBHOOK_DISABLED');
CREATE TYPE "NoticeChannel" AS ENUM ('PAGE', 'BROWSER', 'MAIL');
CREATE TYPE "NoticeScope" AS ENUM ('NOTHING', 'OWN', 'TEAM');
CREATE TYPE "WebhookFormat" AS ENUM ('STUDYHALL', 'SLACK');
CREATE TYPE "DeliveryStatus" AS ENUM ('PENDING', 'DELIVERED', 'FAILED');

ALTER TABLE "Experiment" ADD COLUMN "finishToldAt" TIMESTAMPTZ(3);
-- Nobody is told now of what ended before.
UPDATE "Experiment" AS experiment SET "finishToldAt" = now() WHERE NOT EXISTS (
  SELECT FROM "Run" WHERE "experimentId" = experiment.id AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED'));

CREATE TABLE "TeamEvent" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "kind" "TeamEventKind" NOT NULL,
    "concernsId" TEXT,
    "data" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dispatchedAt" TIMESTAMPTZ(3),

    CONSTRAINT "TeamEvent_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "TeamEvent_text_lengths" CHECK (
      length(id) <= 64 AND length("teamId") <= 64 AND length("concernsId") <= 64 AND pg_column_size(data) <= 16000)
);
CREATE INDEX "TeamEvent_teamId_idx" ON "TeamEvent"("teamId");
CREATE INDEX "TeamEvent_createdAt_idx" ON "TeamEvent"("createdAt");
CREATE INDEX "TeamEvent_undispatched_idx" ON "TeamEvent"("id") WHERE "dispatchedAt" IS NULL;
ALTER TABLE "TeamEvent" ADD CONSTRAINT "TeamEvent_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever dispatches hears of it at commit.
CREATE FUNCTION notify_team_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('team_events', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "TeamEvent_notify" AFTER INSERT ON "TeamEvent"
  FOR EACH STATEMENT EXECUTE FUNCTION notify_team_event();

CREATE TABLE "Notice" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "readAt" TIMESTAMPTZ(3),
    "inBrowser" BOOLEAN NOT NULL,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "Notice_text_lengths" CHECK (
      length(id) <= 64 AND length("userId") <= 64 AND length("teamId") <= 64 AND length("eventId") <= 64)
);
CREATE UNIQUE INDEX "Notice_userId_eventId_key" ON "Notice"("userId", "eventId");
CREATE INDEX "Notice_userId_id_idx" ON "Notice"("userId", "id");
CREATE INDEX "Notice_eventId_idx" ON "Notice"("eventId");
CREATE INDEX "Notice_teamId_idx" ON "Notice"("teamId");
CREATE INDEX "Notice_unread_idx" ON "Notice"("userId") WHERE "readAt" IS NULL;
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_eventId_fkey" FOREIGN KEY ("eventId") REFERENCES "TeamEvent"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Open pages show it, and those that count it.
CREATE FUNCTION notify_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('notices', "userId") FROM (SELECT DISTINCT "userId" FROM changed) AS people;
  RETURN NULL;
END $$;
CREATE TRIGGER "Notice_notify_added" AFTER INSERT ON "Notice"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_notice();
CREATE TRIGGER "Notice_notify_read" AFTER UPDATE ON "Notice"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_notice();

CREATE TABLE "NoticeChoice" (
    "userId" TEXT NOT NULL,
    "kind" "TeamEventKind" NOT NULL,
    "channel" "NoticeChannel" NOT NULL,
    "scope" "NoticeScope" NOT NULL,

    CONSTRAINT "NoticeChoice_pkey" PRIMARY KEY ("userId","kind","channel"),
    CONSTRAINT "NoticeChoice_text_lengths" CHECK (length("userId") <= 64)
);
ALTER TABLE "NoticeChoice" ADD CONSTRAINT "NoticeChoice_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "RunFollower" (
    "runId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RunFollower_pkey" PRIMARY KEY ("runId","userId"),
    CONSTRAINT "RunFollower_text_lengths" CHECK (length("runId") <= 64 AND length("userId") <= 64)
);
CREATE INDEX "RunFollower_userId_idx" ON "RunFollower"("userId");
ALTER TABLE "RunFollower" ADD CONSTRAINT "RunFollower_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "RunFollower" ADD CONSTRAINT "RunFollower_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "Webhook" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "url" TEXT NOT NULL,
    "format" "WebhookFormat" NOT NULL,
    "kinds" "TeamEventKind"[],
    "secret" TEXT NOT NULL,
    "previousSecret" TEXT,
    "previousSecretUntil" TIMESTAMPTZ(3),
    "failingSince" TIMESTAMPTZ(3),
    "disabledAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Webhook_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "Webhook_text_lengths" CHECK (
      length(id) <= 64 AND length("teamId") <= 64 AND length("createdById") <= 64 AND length(url) <= 2000 AND
      pg_column_size(kinds) <= 1000 AND length(secret) <= 200 AND length("previousSecret") <= 200)
);
CREATE UNIQUE INDEX "Webhook_teamId_id_key" ON "Webhook"("teamId", "id");
CREATE INDEX "Webhook_createdById_idx" ON "Webhook"("createdById");
ALTER TABLE "Webhook" ADD CONSTRAINT "Webhook_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Webhook" ADD CONSTRAINT "Webhook_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TABLE "WebhookDelivery" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "webhookId" TEXT NOT NULL,
    "eventId" TEXT,
    "replayOfId" TEXT,
    "eventName" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" "DeliveryStatus" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "WebhookDelivery_text_lengths" CHECK (
      length(id) <= 64 AND length("teamId") <= 64 AND length("webhookId") <= 64 AND length("eventId") <= 64 AND
      length("replayOfId") <= 64 AND length("eventName") <= 40 AND length(body) <= 30000)
);
-- An event is delivered to a webhook once, unless somebody asks for it again.
CREATE UNIQUE INDEX "WebhookDelivery_once_idx" ON "WebhookDelivery"("webhookId", "eventId") WHERE "replayOfId" IS NULL;
CREATE INDEX "WebhookDelivery_webhookId_id_idx" ON "WebhookDelivery"("webhookId", "id");
CREATE INDEX "WebhookDelivery_teamId_idx" ON "WebhookDelivery"("teamId");
CREATE INDEX "WebhookDelivery_eventId_idx" ON "WebhookDelivery"("eventId");
CREATE INDEX "WebhookDelivery_due_idx" ON "WebhookDelivery"("nextAttemptAt") WHERE status = 'PENDING';
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_teamId_webhookId_fkey" FOREIGN KEY ("teamId", "webhookId") REFERENCES "Webhook"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_eventId_fkey" FOREIGN KEY ("eventId") REFERENCES "TeamEvent"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "WebhookAttempt" (
    "deliveryId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "milliseconds" INTEGER NOT NULL,
    "responseStatus" INTEGER,
    "responseBody" TEXT,
    "failure" TEXT,

    CONSTRAINT "WebhookAttempt_pkey" PRIMARY KEY ("deliveryId","number"),
    CONSTRAINT "WebhookAttempt_text_lengths" CHECK (
      length("deliveryId") <= 64 AND length("responseBody") <= 2000 AND length(failure) <= 500)
);
ALTER TABLE "WebhookAttempt" ADD CONSTRAINT "WebhookAttempt_deliveryId_fkey" FOREIGN KEY ("deliveryId") REFERENCES "WebhookDelivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;
