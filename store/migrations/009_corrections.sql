-- Articles of the last hours that somebody was told of, as their first source shows
-- them now.
CREATE TABLE followed (
	article_id BIGINT  NOT NULL PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
	source_id  BIGINT  NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	guid       {blob}  NOT NULL,
	url        TEXT    NOT NULL,
	title      TEXT    NOT NULL,
	published  BIGINT  NOT NULL,
	since      BIGINT  NOT NULL,
	missing_at BIGINT  NOT NULL DEFAULT 0, -- since when its source's document does not show it; 0: it does
	asks       BIGINT  NOT NULL DEFAULT 0, -- how often its page was asked for since
	ask_at     BIGINT  NOT NULL DEFAULT 0, -- when it is to be asked for; 0: not
	gone_at    BIGINT  NOT NULL DEFAULT 0, -- since when its page is gone; 0: it is not
	withdrawn  BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX followed_source ON followed (source_id, guid);
CREATE INDEX followed_since ON followed (since);
CREATE INDEX followed_ask ON followed (ask_at) WHERE ask_at > 0;

-- Edits that are owed to messages.
CREATE TABLE corrections (
	delivery_id BIGINT  NOT NULL PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
	was         TEXT    NOT NULL,           -- the headline with which it was sent; '': the same
	withdrawn   BOOLEAN NOT NULL,
	changed     BIGINT  NOT NULL,           -- when the change was noticed
	version     BIGINT  NOT NULL,           -- of what is to be shown
	edits       BIGINT  NOT NULL DEFAULT 0, -- that were made
	edited_at   BIGINT  NOT NULL DEFAULT 0,
	tries       BIGINT  NOT NULL DEFAULT 0, -- since the last edit
	due_at      BIGINT,                     -- NULL: nothing is owed
	handled     BIGINT  NOT NULL DEFAULT 0, -- when it was settled or put off last
	reason      TEXT    NOT NULL DEFAULT '',
	token       BIGINT  NOT NULL DEFAULT 0,
	lease_until BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX corrections_due ON corrections (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX corrections_changed ON corrections (changed);
-- The condition is written in queries exactly as here, or SQLite does not use the index.
CREATE INDEX deliveries_told ON deliveries (article_id) WHERE state = 'sent' AND kind = 'alert';
