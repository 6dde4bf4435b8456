package disk

import (
	"database/sql"
	"fmt"

	"prober/history"
)

// schema are the statements that make the tables, a version an entry. To change it, add an entry that only adds tables or
// indexes, or a column to columns. Times are in microseconds since 1970.
var schema = []string{
	`CREATE TABLE endpoint (
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
	);`,
	// By id, and not by number: a program that knows the first version only gives numbers anew and leaves these be.
	`CREATE TABLE facts (
		id     TEXT PRIMARY KEY,
		series TEXT NOT NULL,
		facts  BLOB NOT NULL
	) WITHOUT ROWID;`,
	// A table and no column: a program that does not know a column writes the row of an incident without it.
	`CREATE TABLE untold (
		incident INTEGER NOT NULL,
		began    INTEGER NOT NULL,
		ended    INTEGER NOT NULL,
		took     INTEGER NOT NULL,
		reason   TEXT NOT NULL,
		PRIMARY KEY (incident, began)
	) WITHOUT ROWID;`,
}

// columns are those that came later than their tables, each with a default for the rows of programs that do not know it.
var columns = []struct{ table, name, definition string }{
	{"endpoint", "answers", "INTEGER NOT NULL DEFAULT 0"},
	{"endpoint", "total_us", "INTEGER NOT NULL DEFAULT 0"},
	{"incident", "confirmed", "INTEGER NOT NULL DEFAULT 0"},
}

// addColumns adds those that are not there.
func addColumns(tx *sql.Tx) error {
	for _, c := range columns {
		var there bool
		if err := tx.QueryRow(`SELECT count(*) FROM pragma_table_info(?) WHERE name = ?`, c.table, c.name).Scan(&there); err != nil {
			return err
		}
		if there {
			continue
		}
		if _, err := tx.Exec("ALTER TABLE " + c.table + " ADD COLUMN " + c.name + " " + c.definition); err != nil {
			return err
		}
	}
	return nil
}

// reader is the oldest version of the schema whose programs can use what this one writes. It stays 1
// as long as the schema changes by adding only.
const reader = 1

// prepare makes the tables of a new file, and adds what an older one lacks.
func prepare(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it was committed
	if _, err := tx.Exec(`CREATE TABLE IF NOT EXISTS schema (version INTEGER PRIMARY KEY, reader INTEGER NOT NULL, program TEXT NOT NULL)`); err != nil {
		return err
	}
	var version, oldest int
	row := tx.QueryRow(`SELECT coalesce(max(version), 0), coalesce(max(reader), 1) FROM schema`)
	if err := row.Scan(&version, &oldest); err != nil {
		return err
	}
	if oldest > len(schema) {
		return &history.Trouble{Kind: history.Newer, Err: fmt.Errorf("a later version of this program wrote it: its schema %d can be read from schema %d on, and this program knows %d", version, oldest, len(schema))}
	}
	for v := version + 1; v <= len(schema); v++ {
		if _, err := tx.Exec(schema[v-1]); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO schema (version, reader, program) VALUES (?, ?, 'prober')`, v, reader); err != nil {
			return err
		}
	}
	if err := addColumns(tx); err != nil {
		return err
	}
	return tx.Commit()
}
