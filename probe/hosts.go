package probe

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"prober/limit"
)

// hostsSay says that the hosts file of this machine leads a name somewhere, which is why other
// programs find what resolvers do not know. It is empty where the file does not name it, or
// cannot be read.
func hostsSay(file, host string) string {
	if file == "" {
		return ""
	}
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() { // a pipe would be waited for
		return ""
	}
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }() // only read from
	data, _ := io.ReadAll(io.LimitReader(f, limit.HostsFile))
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) > 1 && slices.ContainsFunc(words[1:], func(w string) bool { return strings.EqualFold(w, host) }) {
			return fmt.Sprintf("; %s leads it to %.45s, but the hosts file is not read: only resolvers are asked", file, words[0])
		}
	}
	return ""
}
