-- Workers make themselves known; runs may ask for a device; teams take turns, within limits.
CREATE TYPE "DeviceKind" AS ENUM ('CPU', 'GPU');

CREATE TABLE "Worker" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "host" TEXT NOT NULL,
  "pid" INTEGER NOT NULL,
  "device" "DeviceKind" NOT NULL,
  "deviceName" TEXT NOT NULL,
  "deviceMemoryBytes" BIGINT,
  "capacity" INTEGER NOT NULL,
  "labels" TEXT[] NOT NULL DEFAULT '{}',
  "engineVersion" TEXT NOT NULL,
  "engineBuild" TEXT NOT NULL,
  "draining" BOOLEAN NOT NULL DEFAULT false,
  "memoryUsedBytes" BIGINT NOT NULL DEFAULT 0,
  "memoryBytes" BIGINT NOT NULL DEFAULT 0,
  "cpuLoad" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "heartbeatAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "Worker_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "Worker_capacity_range" CHECK (capacity >= 1),
  CONSTRAINT "Worker_cpuLoad_range" CHECK ("cpuLoad" BETWEEN 0 AND 1)
);
CREATE UNIQUE INDEX "Worker_name_key" ON "Worker" ("name");

ALTER TABLE "Run"
  ADD COLUMN "device" "DeviceKind",
  ADD COLUMN "label" TEXT,
  ADD COLUMN "engineBuild" TEXT;
ALTER TABLE "Run" ADD CONSTRAINT "Run_label_form" CHECK (label ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$');

ALTER TABLE "Team"
  ADD COLUMN "maxRunningRuns" INTEGER NOT NULL DEFAULT 8,
  ADD COLUMN "maxQueuedRuns" INTEGER NOT NULL DEFAULT 1000,
  ADD COLUMN "lastServedAt" TIMESTAMP(3);
ALTER TABLE "Team" ADD CONSTRAINT "Team_run_limits_range" CHECK ("maxRunningRuns" >= 0 AND "maxQueuedRuns" >= 0);

-- What a claim looks at: the first of every team that waits, and how many each has in hand.
CREATE INDEX "Run_waiting_idx" ON "Run" ("teamId", "priority" DESC, "createdAt", "id") WHERE status = 'QUEUED';
CREATE INDEX "Run_held_idx" ON "Run" ("teamId") WHERE status IN ('STARTING', 'RUNNING', 'PAUSING');
