// Package load makes the loops whose CPU time is compared: a bare loop of the standard
// library, the project's prober in such a loop, and the project's monitor, which brings a
// schedule of its own.
//
//	m := load.NewMeter(200, 4000)
//	err := load.Run(ctx, load.Job{Subject: load.Probe, World: world, Workers: 4}, m)
//	r := m.Result()
//	fmt.Println(r.CPU / time.Duration(r.Probes)) // CPU time of a probe
//
// CPU time is that of the whole process, so each run wants a process of its own.
package load
