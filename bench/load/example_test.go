package load_test

import (
	"context"
	"fmt"

	"prober/bench/load"
	"prober/bench/server"
)

func Example() {
	world, stop, err := server.Start(10) // in a process of its own, where it is to be measured
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	m := load.NewMeter(2, 20)
	if err := load.Run(context.Background(), load.Job{Subject: load.Probe, World: world}, m); err != nil {
		fmt.Println(err)
		return
	}
	r := m.Result()
	fmt.Println(world.Host(0), r.Probes, r.PerProbe() > 0)
	// Output: h00000.bench.test 20 true
}
