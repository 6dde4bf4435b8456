package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress says how far a run is: on a terminal in one line that it writes over, elsewhere
// in a line every ten seconds.
type progress struct {
	mu    sync.Mutex
	out   io.Writer
	tty   bool
	done  int
	total int
	end   chan struct{}
	ended sync.WaitGroup
}

func newProgress(out io.Writer, tty bool) *progress {
	p := &progress{out: out, tty: tty, end: make(chan struct{})}
	every := 10 * time.Second
	if tty {
		every = 200 * time.Millisecond
	}
	p.ended.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.show()
			case <-p.end:
				return
			}
		}
	})
	return p
}

func (p *progress) step(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.total == 0 {
		return // nothing is known yet
	}
	if p.tty {
		fmt.Fprintf(p.out, "\r\x1b[K%d of %d requirements judged", p.done, p.total)
		return
	}
	fmt.Fprintf(p.out, "prober: %d of %d requirements judged\n", p.done, p.total)
}

// stop ends the talk and clears the line.
func (p *progress) stop() {
	close(p.end)
	p.ended.Wait()
	if p.tty {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
