ALTER TABLE "Team" ADD COLUMN "deletionDueAt" TIMESTAMPTZ(3);

CREATE TABLE "TeamAddress" (
    "slug" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TeamAddress_pkey" PRIMARY KEY ("slug")
);
CREATE INDEX "TeamAddress_teamId_idx" ON "TeamAddress"("teamId");
ALTER TABLE "TeamAddress" ADD CONSTRAINT "TeamAddress_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "TeamAddress" ADD CONSTRAINT "TeamAddress_text_lengths" CHECK (
  length(slug) <= 40 AND length("teamId") <= 64);

CREATE TABLE "Invitation" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "email" TEXT,
    "hash" TEXT NOT NULL,
    "maxUses" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "Invitation_hash_key" ON "Invitation"("hash");
CREATE INDEX "Invitation_teamId_idx" ON "Invitation"("teamId");
CREATE INDEX "Invitation_createdById_idx" ON "Invitation"("createdById");
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Invitation"
  ADD CONSTRAINT "Invitation_text_lengths" CHECK (
    length(id) <= 64 AND length("teamId") <= 64 AND length("createdById") <= 64 AND length(email) <= 320),
  ADD CONSTRAINT "Invitation_hash_form" CHECK (hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Invitation_uses_range" CHECK ("maxUses" BETWEEN 1 AND 500 AND uses BETWEEN 0 AND "maxUses"),
  ADD CONSTRAINT "Invitation_bound_is_single" CHECK (email IS NULL OR "maxUses" = 1);

-- A team always has an owner. Checked at commit under a lock on the team, so that two owners who leave at once do so one
-- after the other, and the second one sees that the first has gone.
CREATE FUNCTION check_team_has_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM "Team" WHERE id = OLD."teamId" FOR NO KEY UPDATE;
  IF FOUND AND NOT EXISTS (SELECT FROM "Member" WHERE "teamId" = OLD."teamId" AND role = 'OWNER') THEN
    RAISE EXCEPTION 'team % would have no owner', OLD."teamId" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "Member_team_has_owner" AFTER UPDATE OR DELETE ON "Member"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'OWNER') EXECUTE FUNCTION check_team_has_owner();

-- An address that led to one team leads to no other while it redirects. After the row is written, so that the unique index
-- has let whoever took the address at the same time wait.
CREATE FUNCTION check_address_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM "TeamAddress" WHERE slug = NEW.slug AND "teamId" <> NEW.id AND "expiresAt" > now()) THEN
    RAISE EXCEPTION 'the address % leads to another team', NEW.slug
      USING ERRCODE = 'unique_violation', CONSTRAINT = 'Team_slug_key', TABLE = 'Team';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "Team_address_is_free" AFTER INSERT OR UPDATE OF slug ON "Team"
  FOR EACH ROW EXECUTE FUNCTION check_address_is_free();

-- Pages that show a team hear of it.
CREATE FUNCTION notify_team() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('teams', NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER "Team_notify" AFTER UPDATE OF name, slug, "deletionDueAt" ON "Team"
  FOR EACH ROW EXECUTE FUNCTION notify_team();
CREATE FUNCTION notify_team_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('teams', COALESCE(NEW."teamId", OLD."teamId"));
  RETURN NULL;
END $$;
CREATE TRIGGER "Member_notify" AFTER INSERT OR UPDATE OR DELETE ON "Member"
  FOR EACH ROW EXECUTE FUNCTION notify_team_of_member();
