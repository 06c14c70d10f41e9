-- In quiet hours a chat's instant alerts come without a sound, or wait.
ALTER TABLE chats ADD COLUMN quiet_hold BOOLEAN NOT NULL DEFAULT FALSE;

-- A rule's own digest times (cron specs, one a line; '': those of the chat) and
-- limits (0: none).
ALTER TABLE rules ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN digest_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN cap BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN cap_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN cooldown_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rules_digest ON rules (digest_at) WHERE digest_at > 0;

-- What a limited rule has told a destination in the period that is running.
CREATE TABLE quotas (
	chat_id   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	thread_id BIGINT NOT NULL,
	rule_id   BIGINT NOT NULL,
	since     BIGINT NOT NULL, -- when the period began, with its first alert
	used      BIGINT NOT NULL, -- alerts in it
	last_at   BIGINT NOT NULL, -- the last of them
	fold_id   BIGINT NOT NULL, -- the delivery that will tell of what exceeds
	PRIMARY KEY (chat_id, thread_id, rule_id)
);
CREATE INDEX quotas_rule ON quotas (rule_id);

-- The delivery of kind fold that tells of this one; 0: none.
ALTER TABLE deliveries ADD COLUMN fold_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deliveries_fold ON deliveries (fold_id) WHERE fold_id > 0;
CREATE INDEX deliveries_ripe ON deliveries (not_before) WHERE state = 'waiting' AND not_before > 0;

-- What is folded was told of: its article need not be kept for it.
DROP INDEX deliveries_live;
CREATE INDEX deliveries_live ON deliveries (article_id) WHERE state NOT IN ('sent', 'dropped', 'folded');
