package render_test

import (
	"io"
	"testing"

	"prober/report/render"
)

func BenchmarkWrite(b *testing.B) {
	r := full(b, mostly)
	for _, f := range render.Formats() {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				if err := render.Write(io.Discard, r, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
