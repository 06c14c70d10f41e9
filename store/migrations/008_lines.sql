-- Lines that a site repeats on pages about different things.
CREATE TABLE site_lines (
	site     TEXT    NOT NULL, -- host of the pages, after that of the feed where it is another
	line     {blob}  NOT NULL, -- hash of the folded words
	topics   TEXT    NOT NULL, -- a sketch of each page that counts
	learned  BOOLEAN NOT NULL, -- it counts as the site's own
	first_at BIGINT  NOT NULL,
	last_at  BIGINT  NOT NULL,
	PRIMARY KEY (site, line)
);
CREATE INDEX site_lines_last ON site_lines (last_at);
