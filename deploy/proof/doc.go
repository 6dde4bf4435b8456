// Package proof shows that the rules, alerts and queries of deploy/ do what they say, with the programs
// that will use them: real Prometheus servers, a real Alertmanager, and the prober on the sandbox, whose
// faults are set while it runs. It is a module of its own because it builds Prometheus.
//
// What takes minutes and days in earnest takes seconds here: [Scaled] divides every duration of the
// committed files by [Scale], and changes nothing else of them.
package proof
