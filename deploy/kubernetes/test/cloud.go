package test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// cloud is the sandbox with a list of its own.
type cloud struct {
	Resolvers  []string `json:"resolvers"`
	Controls   []string `json:"controls"`
	CAFile     string   `json:"ca_file"`
	List       string   `json:"endpoints_file"`
	Management string   `json:"management"`
}

// startCloud starts the sandbox. It takes some thousand ports at two addresses each, which on a busy machine may want another
// try.
func startCloud(t testing.TB, prober, list string) *cloud {
	t.Helper()
	for try := 1; ; try++ {
		said := &bytes.Buffer{}
		cmd := exec.Command(prober, "sandbox", "--endpoints", list, "--dir", t.TempDir(), "--output", "json")
		cmd.Stderr = said
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadBytes('\n')
		if err == nil {
			t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
			c := &cloud{}
			if err := json.Unmarshal(line, c); err != nil {
				t.Fatal(err)
			}
			return c
		}
		_ = cmd.Wait()
		if try == 20 || !strings.Contains(said.String(), "no port is free") {
			t.Fatalf("the sandbox: %v: %s", err, said)
		}
	}
}

// manage changes what the sandbox does.
func (c *cloud) manage(t testing.TB, method, path, body string) {
	t.Helper()
	q, err := http.NewRequest(method, c.Management+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s", method, path, r.Status)
	}
}

// forward is a resolver that passes on what it is asked, until it is closed: a place's own one, which can fail alone.
func forward(t testing.TB, to string) (address string, stop func()) {
	t.Helper()
	front, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		buffer := make([]byte, 65535)
		for {
			n, from, err := front.ReadFrom(buffer)
			if err != nil {
				return
			}
			question := append([]byte(nil), buffer[:n]...)
			go func() {
				back, err := net.Dial("udp4", to)
				if err != nil {
					return
				}
				defer func() { _ = back.Close() }()
				answer := make([]byte, 65535)
				if _, err := back.Write(question); err != nil {
					return
				}
				if n, err := back.Read(answer); err == nil {
					_, _ = front.WriteTo(answer[:n], from)
				}
			}()
		}
	}()
	stop = func() { _ = front.Close() }
	t.Cleanup(stop)
	return front.LocalAddr().String(), stop
}
