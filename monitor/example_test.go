package monitor_test

import (
	"context"
	"fmt"

	"prober/catalog"
	"prober/monitor"
	"prober/probe"
	"prober/probe/reason"
)

// inOrder is a prober that finds everything in order; a real one is a probe.Prober.
type inOrder struct{}

func (inOrder) Probe(_ context.Context, t probe.Target) probe.Observation {
	return probe.Observation{Endpoint: t.Endpoint, Outcome: reason.OK}
}

func Example() {
	ctx, stop := context.WithCancel(context.Background())
	m, err := monitor.New(monitor.Config{
		Prober: inOrder{},
		Targets: []probe.Target{{Endpoint: catalog.Endpoint{
			ID: "ecs/cn-hangzhou/public", Product: "ecs", Region: "cn-hangzhou", Network: catalog.Public,
			Host: "ecs.cn-hangzhou.example.com",
		}}},
		OnResult: func(probe.Observation) { stop() }, // one result is enough here
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := m.Run(ctx); err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range m.Statuses() {
		fmt.Println(s.ID, s.Outcome)
	}
	// Output: ecs/cn-hangzhou/public ok
}

func ExampleParseShard() {
	shard, err := monitor.ParseShard("prober-1/3", "")
	fmt.Println(shard, err)
	for _, id := range []string{"ecs/cn-hangzhou/public", "kms/cn-beijing/public", "gaap/nearest/public"} {
		fmt.Println(id, shard.Has(id))
	}
	// Output:
	// 2/3 <nil>
	// ecs/cn-hangzhou/public false
	// kms/cn-beijing/public true
	// gaap/nearest/public false
}
