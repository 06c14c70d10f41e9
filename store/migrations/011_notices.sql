-- What a delivery of kind notice tells: sources that fell silent, and are back.
CREATE TABLE notices (
	delivery_id BIGINT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
	source_id   BIGINT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	since       BIGINT NOT NULL, -- when its last article before the silence came
	until       BIGINT NOT NULL, -- when the next came; 0: it is silent
	PRIMARY KEY (delivery_id, source_id)
);
CREATE INDEX notices_source ON notices (source_id);
