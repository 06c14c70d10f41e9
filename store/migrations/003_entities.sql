-- What a chat calls things: entities of its own, which shadow those of all.
CREATE TABLE entities (
	id         {pk},
	chat_id    BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	slug       TEXT   NOT NULL,
	definition TEXT   NOT NULL, -- a pack of one entity
	created    BIGINT NOT NULL,
	changed    BIGINT NOT NULL,
	UNIQUE (chat_id, slug)
);
