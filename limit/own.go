package limit

import "time"

// What the prober keeps and runs of its own.
const (
	Beat              = 100 * time.Millisecond // from one heartbeat to the next while probes are under way
	BeatGrain         = 20 * time.Millisecond  // how late a heartbeat is on any machine
	BeatGap           = 500 * time.Millisecond // how late one shows that the process stood still
	BeatShare         = 4                      // heartbeats late by this part of a probe, or of its timeout, show too little processor time
	StepGrain         = 2 * time.Millisecond   // for which what could go on waits in a process that is not overloaded
	ProbeSteps        = 16                     // at which a probe waits to go on: lookup, connection, handshake, request, reply
	HeldResults       = 256                    // failing results that wait for what controls and others say
	HeldBeyond        = 10 * time.Second       // beyond an interval, for which they wait at most
	LateStart         = time.Second            // how late a probe begins when the prober is overloaded; half the interval if that is less
	Witnesses         = 16                     // endpoints that are probed ahead of their turns for one suspicion
	WitnessLooks      = 64                     // endpoints that are looked at for one that may tell more
	MuteConfirmations = 3                      // unknown results after a failure that is to be confirmed
	EnoughFails       = 32                     // failing endpoints of two providers, with nothing well between them, that show a broken network
	StopTime          = 10 * time.Second       // from a signal to the end of the process, whatever it is at
	ChangeLines       = 100                    // lines a minute in the log about endpoints that change
	GarbageLeast      = 16 << 20               // that gathers before it is collected, or three tenths of what is in use
	GarbageMost       = 64 << 20               // the same, of a busy process
	GarbageSmall      = 29 << 20               // in use with its garbage, before less gathers than the least
	GarbageTime       = 500 * time.Millisecond // in which it comes up, between the two
	Timeout           = 5 * time.Second        // one exchange, one ClientHello, one DNS question, unless --timeout or a list says otherwise
	NotifyTime        = time.Second            // to tell a service manager one thing
	DoctorEndpoints   = 8                      // selected endpoints that doctor probes
)

func own() []Limit {
	return []Limit{
		{Of: "one exchange, one ClientHello or one question of DNS, unless --timeout or a list says otherwise; the suites grant a sandbox without faults a minute", Value: int64(Timeout / time.Second), Unit: Seconds, Met: "it is given up: connect/timeout, tls/timeout, request/timeout and the like, by what had been reached"},
		{Of: "time to tell a service manager one thing", Value: int64(NotifyTime / time.Second), Unit: Seconds, Met: "it is not told; the next thing is"},
		{Of: "lateness of a heartbeat, in milliseconds", Value: BeatGap.Milliseconds(), Unit: Count, Met: "the process stood still: what then failed in a way that may pass is unknown (prober/stalled), and times taken meanwhile are not counted"},
		{Of: "part of a probe, or of its timeout, by which heartbeats may be late, as a divisor", Value: BeatShare, Unit: Count, Met: "the same: the process had too little processor time"},
		{Of: "wait of each step of a probe for its turn, in milliseconds, if sixteen such waits are a quarter of the timeout too", Value: StepGrain.Milliseconds(), Unit: Count, Met: "what did not come in time is unknown (prober/stalled): the process was too busy to look"},
		{Of: "lateness of a probe", Value: int64(LateStart / time.Second), Unit: Seconds, Met: "prober_overloaded tells; half the interval where that is less"},
		{Of: "failing results that wait for a judgement on the prober's own network", Value: HeldResults, Unit: Count, Met: "they are judged by what is known by then"},
		{Of: "time beyond an interval for which failing results wait", Value: int64(HeldBeyond / time.Second), Unit: Seconds, Met: "they are judged by what is known by then"},
		{Of: "endpoints that are probed ahead of their turns for one suspicion", Value: Witnesses, Unit: Count, Met: "the others come in their turns"},
		{Of: "unknown results after a failure that is to be confirmed", Value: MuteConfirmations, Unit: Count, Met: "the state is unknown; the next failure is to be confirmed anew"},
		{Of: "endpoints that are looked at for one that may tell more", Value: WitnessLooks, Unit: Count, Met: "the next failure looks at others"},
		{Of: "time from the first signal to the end of any command", Value: int64(StopTime / time.Second), Unit: Seconds, Met: "what is under way is left behind, and the exit code is that of the signal"},
		{Of: "lines a minute in the log about endpoints that change", Value: ChangeLines, Unit: Count, Met: "one line, when the minute has passed, says how many more there were"},
		{Of: "garbage in memory, of serve", Value: GarbageMost, Unit: Bytes, Met: "it is collected; where less comes up, after half a second, but not below 16 MiB, or what is missing to 29 MiB with what is in use; where much is in use, once there is three tenths as much"},
		{Of: "endpoints that prober doctor asks", Value: DoctorEndpoints, Unit: Count, Met: "of different zones first; the others are not asked"},
		{Of: "failing endpoints that are waited for", Value: EnoughFails, Unit: Count, Met: "of two providers and with nothing well between them they show a broken network, however long the list"},
	}
}
