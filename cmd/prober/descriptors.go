package main

import (
	"fmt"
	"math"

	"prober/files"
	"prober/limit"
	"prober/sandbox"
	"prober/session"
)

// descriptors is how many files and connections this process may have open, and what for. The
// probes go first: the web port takes what they leave.
type descriptors struct {
	most   int // the process's limit, which Go has raised as far as the system lets it
	probes int // connections of as many probes as run at once
	served int // of the sandbox, with its ends of these connections; 0: there is none
	web    int // connections to the web port
}

const (
	// baseDescriptors are those of the process itself, and of what it reads now and then.
	baseDescriptors = 32
	// lookupDescriptors are the sockets of the questions for both address families.
	lookupDescriptors = 2
	// leastWeb are enough for those who watch this prober.
	leastWeb = 16
)

// shareDescriptors shares out most of them; each of so many probes may have so many connections, to a sandbox
// of so many endpoints in this process if they are not 0.
func shareDescriptors(most, probes, connections, sandboxed int) descriptors {
	d := descriptors{most: most, probes: probes * (connections + lookupDescriptors)}
	if sandboxed > 0 {
		d.served = sandbox.Files(sandboxed) + probes*connections
	}
	d.web = min(limit.WebConnections, max(most-baseDescriptors-d.probes-d.served, most/8, leastWeb))
	return d
}

// complaint says in a line that there are too few; empty: there are enough.
func (d descriptors) complaint(probes int) string {
	need := baseDescriptors + d.probes + d.served + d.web
	if need <= d.most {
		return ""
	}
	with := ""
	if d.served > 0 {
		with = " and the sandbox"
	}
	return fmt.Sprintf("this process may have %d files open, and %d probes at once with %d connections to the web port%s can need %d: "+
		"raise the limit (ulimit -n %d, or LimitNOFILE=%d in a unit of systemd) or lower --concurrency; "+
		"probes that find none left are unknown", d.most, probes, d.web, with, need, need, need)
}

// sandboxed is how many endpoints a sandbox serves in this process.
func sandboxed(s *session.Session) int {
	if s.Sandbox == nil {
		return 0
	}
	return len(s.Catalog.Endpoints)
}

// openFiles is how many files this process may have open.
func openFiles() int {
	most, known := files.Openable()
	if !known {
		return math.MaxInt32 // nothing is known to be short
	}
	return int(min(most, math.MaxInt32))
}
