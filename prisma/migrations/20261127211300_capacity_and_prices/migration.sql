-- Places of all workers, counted once a minute, by kind of device; kept for 31 days.
CREATE TABLE "CapacitySample" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "device" "DeviceKind" NOT NULL,
    "busy" INTEGER NOT NULL,
    "idle" INTEGER NOT NULL,
    "drained" INTEGER NOT NULL,
    "away" INTEGER NOT NULL,

    CONSTRAINT "CapacitySample_pkey" PRIMARY KEY ("at","device")
);

-- What an hour on a device costs, where whoever administers the instance has said so.
CREATE TABLE "DevicePrice" (
    "device" "DeviceKind" NOT NULL,
    "perHour" DECIMAL(12,4) NOT NULL,
    "currency" TEXT NOT NULL,

    CONSTRAINT "DevicePrice_pkey" PRIMARY KEY ("device")
);
ALTER TABLE "DevicePrice" ADD CONSTRAINT "DevicePrice_ranges" CHECK (
  "perHour" BETWEEN 0 AND 1000000 AND currency ~ '^[A-Z]{3}$');
