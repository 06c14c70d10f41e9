-- More gates, so that visits that have nothing in common seldom meet at one.
INSERT INTO gates (id) WITH RECURSIVE n (i) AS (SELECT 64 UNION ALL SELECT i + 1 FROM n WHERE i < 1023) SELECT i FROM n;
