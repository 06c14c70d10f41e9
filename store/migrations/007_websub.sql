-- What a feed says of the hub that pushes it, and until when that hub is relied on.
ALTER TABLE sources ADD COLUMN hub TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN pushed_until BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sources_hub ON sources (id) WHERE hub <> '';

-- The source is a plain number: when it is gone its hub must still be told.
CREATE TABLE subscriptions (
	id         TEXT   NOT NULL PRIMARY KEY, -- unguessable: the end of its callback's address
	source_id  BIGINT NOT NULL,
	hub        TEXT   NOT NULL,
	topic      TEXT   NOT NULL,
	callback   TEXT   NOT NULL,
	secret     TEXT   NOT NULL,
	state      TEXT   NOT NULL,             -- pending, active, denied, leaving
	asked      BIGINT NOT NULL DEFAULT 0,   -- when the hub was asked for what it has not confirmed yet
	expires    BIGINT NOT NULL DEFAULT 0,   -- of the lease that the hub has given
	due_at     BIGINT NOT NULL,             -- when the hub is asked (again)
	attempts   BIGINT NOT NULL DEFAULT 0,   -- since it last confirmed something
	last_error TEXT   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX subscriptions_source ON subscriptions (source_id) WHERE state <> 'leaving';
CREATE INDEX subscriptions_due ON subscriptions (due_at);

-- What hubs have pushed and nobody has read yet.
CREATE TABLE pushes (
	id           {pk},
	source_id    BIGINT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	content_type TEXT   NOT NULL,
	body         {blob} NOT NULL,
	received     BIGINT NOT NULL
);
CREATE INDEX pushes_source ON pushes (source_id, id);
