-- The links that were mailed to an address are counted with each that is asked for.
CREATE INDEX "Verification_value_idx" ON "Verification"("value");
