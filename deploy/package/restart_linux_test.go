package packages

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// A program that the watchdog ends, or a panic, is started again: it ends by a signal. By itself Go makes the exit
// code of it that says wrong settings, with which the unit starts nothing again.
func TestUnitStartsAgain(t *testing.T) {
	if os.Getenv("PROBER_TEST_HANGS") != "" {
		_, _ = os.Stdout.WriteString("ready\n")
		select {}
	}
	u := readUnit(t, "prober.service")
	for name, environment := range map[string][]string{"as it is": nil, "in the unit": u["Environment"]} {
		cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", `ulimit -c 0; exec "$0" -test.run TestUnitStartsAgain`, os.Args[0]) //nolint:gosec // this test
		cmd.Env = append([]string{"PROBER_TEST_HANGS=1"}, environment...)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
			t.Fatalf("%q, %v", line, err)
		}
		if err := cmd.Process.Signal(syscall.SIGABRT); err != nil { // WatchdogSignal, unless the unit says another
			t.Fatal(err)
		}
		_ = cmd.Wait() // an error is what is wanted
		status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
		if code := strings.Join(u["RestartPreventExitStatus"], " "); !ok || code != "2" {
			t.Fatalf("nothing is started again after %s", code)
		}
		if again := status.Signaled() || status.ExitStatus() != 2; again != (environment != nil) {
			t.Errorf("%s: it ended with %s", name, cmd.ProcessState)
		}
	}
}
