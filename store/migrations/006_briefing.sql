-- How many stories a digest had.
CREATE INDEX deliveries_digest ON deliveries (digest_id) WHERE digest_id > 0;
