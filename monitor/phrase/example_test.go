package phrase_test

import (
	"fmt"
	"time"

	"prober/monitor/phrase"
)

func Example() {
	fmt.Println(phrase.Duration(26*time.Hour + 11*time.Minute + 7*time.Second))
	fmt.Println(phrase.Exactly(90 * time.Second))
	fmt.Println(phrase.Latency(0.0234))
	fmt.Println(phrase.Ago(3 * time.Minute))
	// Output:
	// 1 d 2 h
	// 1 min 30 s
	// 23 ms
	// 3 min ago
}
