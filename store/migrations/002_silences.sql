-- Sources that publish nothing although they usually do. A source that is not
-- here is as usual.
CREATE TABLE silences (
	source_id BIGINT NOT NULL PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
	since     BIGINT NOT NULL, -- when its last article came
	found     BIGINT NOT NULL  -- when that was noticed
);
