-- Times are Unix milliseconds, UTC; 0 means none unless a column says otherwise.
-- Lists and other structures are JSON text.

CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counters (name, value) VALUES ('rules', 0), ('offset', 0);

CREATE TABLE operators (user_id BIGINT NOT NULL PRIMARY KEY, added BIGINT NOT NULL);

CREATE TABLE leases (
	name    TEXT   NOT NULL PRIMARY KEY,
	owner   TEXT   NOT NULL,
	token   BIGINT NOT NULL,
	expires BIGINT NOT NULL
);

-- One row: when the next request to Telegram may be made, over all processes.
CREATE TABLE limiter (id BIGINT NOT NULL PRIMARY KEY, tat BIGINT NOT NULL);
INSERT INTO limiter (id, tat) VALUES (1, 0);

CREATE TABLE updates (update_id BIGINT NOT NULL PRIMARY KEY, done BIGINT NOT NULL);
CREATE INDEX updates_done ON updates (done);

CREATE TABLE dialogs (
	chat_id   BIGINT NOT NULL,
	user_id   BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	step      TEXT   NOT NULL,
	data      TEXT   NOT NULL,
	expires   BIGINT NOT NULL,
	PRIMARY KEY (chat_id, user_id, thread_id)
);
CREATE INDEX dialogs_expires ON dialogs (expires);

CREATE TABLE sources (
	id            {pk},
	url           TEXT    NOT NULL UNIQUE,
	title         TEXT    NOT NULL DEFAULT '',
	site          TEXT    NOT NULL DEFAULT '',
	lang          TEXT    NOT NULL DEFAULT '',
	country       TEXT    NOT NULL DEFAULT '',
	tags          TEXT    NOT NULL DEFAULT '[]',
	shared        BOOLEAN NOT NULL DEFAULT FALSE,
	state         TEXT    NOT NULL,
	etag          TEXT    NOT NULL DEFAULT '',
	last_modified TEXT    NOT NULL DEFAULT '',
	body_hash     {blob},
	interval_ms   BIGINT  NOT NULL DEFAULT 0,
	next_at       BIGINT  NOT NULL DEFAULT 0,
	fails         BIGINT  NOT NULL DEFAULT 0,
	last_error    TEXT    NOT NULL DEFAULT '',
	last_ok       BIGINT  NOT NULL DEFAULT 0,
	last_new      BIGINT  NOT NULL DEFAULT 0,
	last_tried    BIGINT  NOT NULL DEFAULT 0,
	last_read     BIGINT  NOT NULL DEFAULT 0, -- last visit that brought a document, not "not modified"
	visited       BOOLEAN NOT NULL DEFAULT FALSE,
	items         BIGINT  NOT NULL DEFAULT 0,
	added         BIGINT  NOT NULL,
	token         BIGINT  NOT NULL DEFAULT 0,
	lease_until   BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX sources_next ON sources (next_at) WHERE state = 'active';

CREATE TABLE chats (
	id           BIGINT  NOT NULL PRIMARY KEY,
	kind         TEXT    NOT NULL,
	title        TEXT    NOT NULL,
	username     TEXT    NOT NULL,
	lang         TEXT    NOT NULL,
	zone         TEXT    NOT NULL,
	digest       TEXT    NOT NULL,
	forum        BOOLEAN NOT NULL,
	quiet_from   BIGINT  NOT NULL,
	quiet_to     BIGINT  NOT NULL,
	state        TEXT    NOT NULL,
	reason       TEXT    NOT NULL,
	paused_until BIGINT  NOT NULL,
	digest_at    BIGINT  NOT NULL,
	created      BIGINT  NOT NULL,
	thread_id    BIGINT  NOT NULL,
	owner_id     BIGINT  NOT NULL,
	seq          BIGINT  NOT NULL DEFAULT 0, -- last turn given to a delivery
	due_at       BIGINT,                     -- when the first delivery in turn is due; NULL: nothing is
	free_at      BIGINT  NOT NULL DEFAULT 0, -- no request to this chat before
	token        BIGINT  NOT NULL DEFAULT 0,
	lease_until  BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX chats_due ON chats (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX chats_digest ON chats (digest_at) WHERE digest_at > 0;
CREATE INDEX chats_paused ON chats (paused_until) WHERE paused_until > 0;

-- Who sees a source beside the catalogue.
CREATE TABLE views (
	chat_id   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	source_id BIGINT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	PRIMARY KEY (chat_id, source_id)
);
CREATE INDEX views_source ON views (source_id);

CREATE TABLE rules (
	id        {pk},
	chat_id   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	name      TEXT   NOT NULL,
	query     TEXT   NOT NULL,
	source_id BIGINT NOT NULL, -- 0: every source that the chat sees
	tier      TEXT   NOT NULL,
	created   BIGINT NOT NULL,
	changed   BIGINT NOT NULL,
	UNIQUE (chat_id, query, source_id)
);
CREATE INDEX rules_source ON rules (source_id);

CREATE TABLE routes (
	chat_id   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	to_chat   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	thread_id BIGINT NOT NULL,
	PRIMARY KEY (chat_id, to_chat, thread_id)
);
CREATE INDEX routes_to ON routes (to_chat);

CREATE TABLE stories (
	id       {pk},
	first_at BIGINT NOT NULL,
	last_at  BIGINT NOT NULL
);
CREATE INDEX stories_last ON stories (last_at);

CREATE TABLE articles (
	id        {pk},
	story_id  BIGINT NOT NULL REFERENCES stories (id),
	item_id   TEXT   NOT NULL,
	guid      TEXT   NOT NULL,
	source    TEXT   NOT NULL, -- the name of the first to carry it
	url       TEXT   NOT NULL,
	title     TEXT   NOT NULL,
	summary   TEXT   NOT NULL,
	body      TEXT   NOT NULL,
	lang      TEXT   NOT NULL,
	published BIGINT NOT NULL,
	authors   TEXT   NOT NULL,
	tags      TEXT   NOT NULL,
	image     TEXT   NOT NULL,
	zones     TEXT   NOT NULL,
	seen_at   BIGINT NOT NULL
);
CREATE INDEX articles_seen ON articles (seen_at);
CREATE INDEX articles_story ON articles (story_id);

-- Which sources carry an article, each under an address of its own.
CREATE TABLE sightings (
	article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
	source_id  BIGINT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	url        TEXT   NOT NULL,
	seen_at    BIGINT NOT NULL,
	PRIMARY KEY (article_id, source_id)
);
CREATE INDEX sightings_source ON sightings (source_id);

-- What makes two items one article. Outlives the article.
CREATE TABLE identities (
	kind       TEXT   NOT NULL, -- url, text
	hash       {blob} NOT NULL,
	article_id BIGINT NOT NULL,
	first_at   BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL,
	PRIMARY KEY (kind, hash)
);
CREATE INDEX identities_seen ON identities (seen_at);
CREATE INDEX identities_article ON identities (article_id);

-- Locked in ascending order by whoever is about to store articles: a gate stands for
-- the identities whose first byte leads to it.
CREATE TABLE gates (id BIGINT NOT NULL PRIMARY KEY);
INSERT INTO gates (id) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 63) SELECT i FROM n;

-- The guids a source has shown. Outlives the article.
CREATE TABLE seen (
	source_id BIGINT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	guid      {blob} NOT NULL,
	seen_at   BIGINT NOT NULL,
	PRIMARY KEY (source_id, guid)
);
CREATE INDEX seen_old ON seen (seen_at);

CREATE TABLE digests (
	id        {pk},
	chat_id   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	thread_id BIGINT NOT NULL,
	slot      BIGINT NOT NULL,
	created   BIGINT NOT NULL,
	UNIQUE (chat_id, thread_id, slot)
);
CREATE INDEX digests_created ON digests (created);

-- The ledger. It outlives the articles, so article, source and story are plain numbers.
CREATE TABLE deliveries (
	id         {pk},
	chat_id    BIGINT  NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	thread_id  BIGINT  NOT NULL,
	story_id   BIGINT,                   -- NULL: the one row of an empty digest
	article_id BIGINT  NOT NULL,
	source_id  BIGINT  NOT NULL,         -- through which it came to this destination
	seq        BIGINT  NOT NULL,
	kind       TEXT    NOT NULL,
	tier       TEXT    NOT NULL,
	digest_id  BIGINT  NOT NULL DEFAULT 0,
	rules      TEXT    NOT NULL,
	state      TEXT    NOT NULL,
	attempts   BIGINT  NOT NULL DEFAULT 0,
	created    BIGINT  NOT NULL,
	not_before BIGINT  NOT NULL DEFAULT 0,
	started    BIGINT  NOT NULL DEFAULT 0,
	sent_at    BIGINT  NOT NULL DEFAULT 0,
	message_id BIGINT  NOT NULL DEFAULT 0,
	maybe_dup  BOOLEAN NOT NULL DEFAULT FALSE,
	reason     TEXT    NOT NULL DEFAULT '',
	UNIQUE (chat_id, thread_id, story_id)
);
-- The conditions are written in queries exactly as here, or SQLite does not use the indexes.
CREATE INDEX deliveries_open ON deliveries (chat_id, seq) WHERE state IN ('due', 'sending', 'uncertain');
CREATE INDEX deliveries_waiting ON deliveries (chat_id, thread_id, id) WHERE state = 'waiting';
CREATE INDEX deliveries_held ON deliveries (chat_id, id) WHERE state = 'held';
CREATE INDEX deliveries_live ON deliveries (article_id) WHERE state NOT IN ('sent', 'dropped');
CREATE INDEX deliveries_state ON deliveries (state, created);
CREATE INDEX deliveries_chat ON deliveries (chat_id, id);
