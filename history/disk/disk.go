package disk

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"prober/errno"
	"prober/files/filelock"
	"prober/history"
)

// Name is that of the file in its folder. SQLite has two more beside it while it is in use.
const Name = "history.db"

// lockName is a file that is locked while a process uses the folder.
const lockName = "lock"

// ErrInUse says that another process uses the folder.
var ErrInUse = errors.New("another prober is using it")

// Disk is a history in a folder.
type Disk struct {
	dir   string
	most  int64 // bytes
	now   func() time.Time
	lock  *os.File
	db    *sql.DB
	read  atomic.Pointer[sql.DB] // the same, for those who ask for evidence
	bytes atomic.Int64
	next  time.Time // when what is old is let go again
}

// Open opens the history in a folder, which is made if it is missing, and which no other process may
// use meanwhile: that is [ErrInUse]. Whatever else is wrong is a *history.Trouble, and says what to
// do. The file may take so many bytes.
func Open(dir string, most int64, now func() time.Time) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, trouble(err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, trouble(err)
	}
	if err := filelock.Take(lock); errors.Is(err, filelock.ErrTaken) {
		_ = lock.Close()
		return nil, ErrInUse
	} // a file system without locks has one user, as far as anybody can tell
	d := &Disk{dir: dir, most: most, now: now, lock: lock}
	if err := d.open(); err != nil {
		if k := kindOf(err); k != history.Corrupt && k != history.Newer {
			_ = d.Close()
			return nil, err
		}
		// Load says the same, and then the file is replaced.
	}
	return d, nil
}

// path is that of the file.
func (d *Disk) path() string { return filepath.Join(d.dir, Name) }

// pageBytes is the size of a page of the file.
const pageBytes = 4096

// open opens the file.
func (d *Disk) open() error {
	// Made here, it is the owner's alone, and so are those that SQLite has beside it.
	f, err := os.OpenFile(d.path(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return trouble(err)
	}
	info, err := f.Stat()
	if err == nil {
		err = writable(f)
	}
	_ = f.Close()
	if err != nil {
		return trouble(err)
	}
	pragmas := []string{
		"journal_mode(wal)",
		"synchronous(normal)", // a commit survives the process; one that a power cut takes is the last
		"busy_timeout(1000)",  // for whoever reads the file meanwhile
		"cache_size(-2000)",
		"journal_size_limit(8388608)",
		fmt.Sprintf("max_page_count(%d)", max(d.most/pageBytes, 64)),
	}
	if info.Size() == 0 {
		pragmas = slices.Insert(pragmas, 0, "auto_vacuum(incremental)") // before the first table; later it would only touch the file
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: d.path(), RawQuery: url.Values{"_pragma": pragmas}.Encode()}).String())
	if err != nil {
		return trouble(err)
	}
	db.SetMaxOpenConns(2) // the writer, and one who asks for evidence
	if err := prepare(db); err != nil {
		_ = db.Close()
		return trouble(err)
	}
	d.db = db
	d.read.Store(db)
	d.measure()
	return nil
}

// writable refuses a file whose header says that no program we know may write it. SQLite reads such a file and
// calls it read-only, as if somebody had forbidden it.
func writable(f io.ReaderAt) error {
	var version [1]byte // of the file format, for writers: "Database File Format" of SQLite's documents, section 1.3.3
	if n, _ := f.ReadAt(version[:], 18); n == 1 && version[0] != 1 && version[0] != 2 {
		return &history.Trouble{Kind: history.Corrupt, Err: fmt.Errorf("file format %d for writers; want 1 or 2", version[0])}
	}
	return nil
}

// Replace renames the file, with those that SQLite has beside it, and begins a new one.
func (d *Disk) Replace() (string, error) {
	_ = d.close()
	aside := d.aside()
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(d.path()+end, aside+end); err != nil && (end == "" || !errors.Is(err, fs.ErrNotExist)) {
			return "", trouble(err)
		}
	}
	return aside, d.open()
}

// aside is a path that no file has.
func (d *Disk) aside() string {
	path := d.path() + ".aside-" + d.now().UTC().Format("20060102T150405Z")
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); err != nil {
			return path
		}
		path = fmt.Sprintf("%s.aside-%s-%d", d.path(), d.now().UTC().Format("20060102T150405Z"), n)
	}
}

// Bytes is the size of the file and those beside it.
func (d *Disk) Bytes() int64 { return d.bytes.Load() }

func (d *Disk) measure() {
	var sum int64
	for _, end := range []string{"", "-wal", "-shm"} {
		if s, err := os.Stat(d.path() + end); err == nil {
			sum += s.Size()
		}
	}
	d.bytes.Store(sum)
}

// Close closes the file and lets others use the folder.
func (d *Disk) Close() error {
	return errors.Join(d.close(), d.lock.Close())
}

// close closes the file. Who asks for evidence just then gets an error.
func (d *Disk) close() error {
	d.read.Store(nil)
	if d.db == nil {
		return nil
	}
	defer func() { d.db = nil }()
	return d.db.Close()
}

// trouble says what kind of trouble an error is.
func trouble(err error) error {
	var known *history.Trouble
	if err == nil || errors.As(err, &known) || errors.Is(err, history.ErrNoEvidence) {
		return err
	}
	return &history.Trouble{Kind: kindOf(err), Err: err}
}

func kindOf(err error) history.Kind {
	var known *history.Trouble
	var s *sqlite.Error
	switch {
	case errors.As(err, &known):
		return known.Kind
	case errors.As(err, &s):
		switch s.Code() & 0xff { // without what it says besides
		case sqlite3.SQLITE_FULL:
			return history.Full
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_CONSTRAINT:
			return history.Corrupt // the statements are right for the tables, so the tables are not
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
			return history.Denied
		}
		return history.IO
	case errno.Is(err, syscall.ENOSPC), errno.Is(err, syscall.EDQUOT):
		return history.Full
	case errors.Is(err, fs.ErrPermission), errno.Is(err, syscall.EROFS), errno.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return history.Denied
	}
	return history.IO
}
