-- The tables as the first version made them that kept a history. Never changed: files like this are out there.
CREATE TABLE schema (version INTEGER PRIMARY KEY, reader INTEGER NOT NULL, program TEXT NOT NULL);
INSERT INTO schema (version, reader, program) VALUES (1, 1, 'prober');
CREATE TABLE endpoint (
	number        INTEGER PRIMARY KEY,
	id            TEXT NOT NULL,
	series        TEXT NOT NULL,
	outcome       TEXT NOT NULL,
	reason        TEXT NOT NULL,
	since         INTEGER NOT NULL,
	reason_since  INTEGER NOT NULL,
	detail        TEXT NOT NULL,
	reproduce     TEXT NOT NULL,
	last_probe    INTEGER NOT NULL,
	known         INTEGER NOT NULL,
	counted_since INTEGER NOT NULL,
	ok            INTEGER NOT NULL,
	degraded      INTEGER NOT NULL,
	fail          INTEGER NOT NULL,
	unknown       INTEGER NOT NULL,
	reasons       TEXT NOT NULL,
	sequence      INTEGER NOT NULL
);
CREATE TABLE rollup (
	seconds  INTEGER NOT NULL,
	start    INTEGER NOT NULL,
	endpoint INTEGER NOT NULL,
	ok       INTEGER NOT NULL,
	degraded INTEGER NOT NULL,
	fail     INTEGER NOT NULL,
	unknown  INTEGER NOT NULL,
	answers  INTEGER NOT NULL,
	total_us INTEGER NOT NULL,
	max_us   INTEGER NOT NULL,
	sums     BLOB NOT NULL,
	PRIMARY KEY (seconds, start, endpoint)
) WITHOUT ROWID;
CREATE TABLE change (
	at       INTEGER NOT NULL,
	endpoint INTEGER NOT NULL,
	outcome  TEXT NOT NULL,
	reason   TEXT NOT NULL,
	PRIMARY KEY (at, endpoint)
) WITHOUT ROWID;
CREATE TABLE incident (
	id        INTEGER PRIMARY KEY,
	endpoint  INTEGER NOT NULL,
	began     INTEGER NOT NULL,
	ended     INTEGER,
	reason    TEXT NOT NULL,
	detail    TEXT NOT NULL,
	reproduce TEXT NOT NULL,
	failed    INTEGER NOT NULL
);
CREATE TABLE evidence (
	incident    INTEGER PRIMARY KEY,
	observation TEXT NOT NULL
);
CREATE TABLE result (
	sequence INTEGER PRIMARY KEY,
	entries  BLOB NOT NULL
);
CREATE TABLE counter (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE run (
	began INTEGER PRIMARY KEY,
	last  INTEGER NOT NULL
);
