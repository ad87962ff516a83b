-- Workers that take nothing more, as whoever administers the instance has asked. By name, since a worker's own row ends with it.
CREATE TABLE "WorkerDrain" (
    "workerName" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "device" "DeviceKind" NOT NULL,
    "handsBack" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "WorkerDrain_pkey" PRIMARY KEY ("workerName")
);
ALTER TABLE "WorkerDrain" ADD CONSTRAINT "WorkerDrain_text_lengths" CHECK (
  length("workerName") <= 300 AND length(host) <= 255);
