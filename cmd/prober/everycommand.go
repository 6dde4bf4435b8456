package main

import (
	"strconv"
	"strings"

	"prober/report"
)

// row is a thing that holds for every command, with what is said of it: the manual page and docs/commands.md have
// the same ones.
type row struct{ name, text string }

// untilTold are the commands that run until they are told to stop, which is no failure of theirs: see the last of
// exitCodes.
func untilTold() []string { return []string{"serve", "page", "sandbox"} }

// exitCodes are those of package report.
func exitCodes() []row {
	code := func(c report.ExitCode) string { return strconv.Itoa(int(c)) }
	return []row{
		{code(report.ExitPass), "It is done; of check, conformance and doctor: something was verified and nothing failed."},
		{code(report.ExitFail), "An endpoint fails, a requirement that counts is broken, or something is wrong with this machine."},
		{code(report.ExitUsage), "Wrong usage or configuration; nothing was started."},
		{code(report.ExitUndecided), "Nothing was selected or decided, or something stayed unknown while nothing failed."},
		{code(report.Signalled(2)), "SIGINT cut it short; " + code(report.Signalled(15)) + " for SIGTERM. serve, page and sandbox end with 0 then."},
	}
}

// variables are those of the environment that change what the program does. Lists of endpoints name others, as env:NAME.
func variables() []row {
	return []row{
		{strings.Join(keyVariables(), ", "), "Keys for signed calls."},
		{credentialsVariable, "Folder of a service manager in which a file called as one of these variables stands for it where it is not set."},
		{shardVariable, "What --shard of serve says."},
		{"SSL_CERT_FILE, SSL_CERT_DIR", "Authorities to trust, where no --ca-file is given (not on Windows and macOS): a file in place of the system's file, and folders in place of its folders. One of the two alone leaves the other part of the system's trusted."},
		{"OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_CERTIFICATE", "Of serve with --otlp.endpoint: the receiver's token, as authorization=Bearer%20TOKEN, and a file with its authority."},
		{"OTEL_RESOURCE_ATTRIBUTES", "Of serve with --otlp.endpoint: what is said of the prober beside its metrics."},
		{"NOTIFY_SOCKET, WATCHDOG_USEC", "Set by systemd for serve, which tells it that it is ready, and that it goes on."},
		{"HTTPS_PROXY, HTTP_PROXY, ALL_PROXY", "Not used: endpoints are probed directly. A note says that they are set."},
		{"COLUMNS", "Width of the terminal, if it is not what the terminal says. Wider lines are broken between words, and lists that do not fit leave columns out and say so; commands to copy, JSON and whatever goes into a pipe or a file are not."},
		{"NO_COLOR", "Without colours on a terminal, if it is not empty."},
		{"TERM", "Without colours if it is dumb."},
	}
}

// usedFiles are those that packages bring.
func usedFiles() []row {
	return []row{
		{"/etc/prober/prober.yaml", "Settings of the service, as packages bring it."},
		{"/var/lib/prober", "What the service remembers."},
		{"/usr/share/doc/prober/docs/README.md", "Index of the documents."},
	}
}
