-- What goes this way is published only when somebody of the chat whose rules they are
-- has said so.
ALTER TABLE routes ADD COLUMN approve BOOLEAN NOT NULL DEFAULT FALSE;

-- Where the matches of a rule go that does not go where its chat's rules go.
CREATE TABLE rule_routes (
	rule_id   BIGINT NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
	to_chat   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
	thread_id BIGINT NOT NULL, -- -1: wherever the rule's chat is bound
	PRIMARY KEY (rule_id, to_chat, thread_id)
);
CREATE INDEX rule_routes_to ON rule_routes (to_chat);

ALTER TABLE deliveries ADD COLUMN asked BOOLEAN NOT NULL DEFAULT FALSE;    -- held until an editor has decided
ALTER TABLE deliveries ADD COLUMN subject_id BIGINT NOT NULL DEFAULT 0;    -- of kind request: the delivery that it asks about
ALTER TABLE deliveries ADD COLUMN headline TEXT NOT NULL DEFAULT '';       -- an editor's, instead of the source's
CREATE INDEX deliveries_asked ON deliveries (created) WHERE asked;
CREATE INDEX deliveries_subject ON deliveries (subject_id) WHERE subject_id > 0;
