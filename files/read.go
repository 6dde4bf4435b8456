package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"prober/limit"
)

// ErrEnded is why nothing was read: whoever reads was told to stop.
var ErrEnded = errors.New("the process was told to stop before it was read")

// A Reader reads files until it is told to stop: some do not come, such as a pipe that nobody
// writes to, or what lies on a server that is gone. The zero Reader is told nothing.
type Reader struct {
	ended <-chan struct{}
	most  time.Duration // to wait; 0: as package limit says
}

// Until returns a reader that is told to stop by the end of ctx.
func Until(ctx context.Context) Reader { return Reader{ended: ctx.Done()} }

// Read is that of the zero [Reader].
func Read(path string, most int64) ([]byte, error) { return Reader{}.Read(path, most) }

// Read returns what a file holds, if that is no more than most bytes. It may be a pipe, such as that
// of <(...) in a shell, or a terminal. What is larger is refused, a plain file by its size, unread.
func (r Reader) Read(path string, most int64) ([]byte, error) {
	var data []byte
	err := r.Within(func(ctx context.Context) (err error) {
		data, err = read(ctx, path, most)
		return err
	})
	if err == nil {
		return data, nil
	}
	if named := (*fs.PathError)(nil); errors.As(err, &named) {
		return nil, err
	}
	release(path)
	return nil, &fs.PathError{Op: "read", Path: path, Err: err}
}

// Within does what opens or reads files, and leaves it behind when the reader is told to stop, or
// after as long as package limit says. The context of what is left behind is at its end. After the
// reader was told to stop nothing is begun.
func (r Reader) Within(do func(context.Context) error) error {
	select {
	case <-r.ended:
		return ErrEnded
	default:
	}
	most := r.most
	if most == 0 {
		most = limit.FileTime
	}
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	select {
	case err := <-done:
		return err
	case <-r.ended:
		return ErrEnded
	case <-ctx.Done():
		return fmt.Errorf("did not come to its end within %s, which is the longest that is waited", most)
	}
}

// Work does what waits for nobody outside, such as to judge what was read, and leaves it behind when the reader is told to stop. No
// clock bounds it: how long it takes says how busy this machine is, and nothing of the file.
func (r Reader) Work(do func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
		return nil
	case <-r.ended:
		return ErrEnded
	}
}

// Lasting says why a file cannot be one that others read again and again, with nobody to bound that.
func Lasting(path string, most int64) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.Size() > most:
		return tooLarge(path, most, "")
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: "read", Path: path, Err: errors.New("is no plain file, and is read again and again")}
	}
	return nil
}

// read reads a file, however long that takes, unless ctx ends and it is one that can be left.
func read(ctx context.Context, path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if info, gone := os.Stat(path); errors.Is(err, syscall.ENXIO) && gone == nil && info.Mode()&fs.ModeSocket != 0 {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("is a socket, which is no file to read")}
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	defer context.AfterFunc(ctx, func() { _ = f.Close() })()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	size, of := int64(0), ""
	switch mode := info.Mode(); {
	case mode.IsRegular():
		size = info.Size()
	case mode&fs.ModeDevice != 0: // a terminal, or one without an end
		most, of = min(most, limit.DeviceBytes), " of a device"
	}
	if size <= most {
		text.Grow(int(size) + bytes.MinRead) // which is all that it takes to find the end
		if _, err := text.ReadFrom(io.LimitReader(f, most+1)); err != nil {
			return nil, err
		}
		size = int64(text.Len())
	}
	if size > most {
		return nil, tooLarge(path, most, of)
	}
	return text.Bytes(), nil
}

func tooLarge(path string, most int64, of string) error {
	return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("holds more than %d bytes, which is the most that is read%s", most, of)}
}

// release frees whoever waits for somebody to write to a pipe, by doing so for no time.
func release(path string) {
	if info, err := os.Stat(path); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		return
	}
	if f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
		_ = f.Close()
	}
}
