-- The lines of a run's log lie among its metrics, which are many more: this finds them without reading those.
CREATE INDEX "RunEvent_lines" ON "RunEvent" ("runId", seq) WHERE kind IN ('LOG', 'STATUS');
