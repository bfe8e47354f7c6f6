package breaker

import (
	"testing"
)

// BenchmarkPassage is what the protection of a source adds to a request.
func BenchmarkPassage(b *testing.B) {
	b.Run("let through", func(b *testing.B) {
		p := protect(128)
		b.ReportAllocs()
		for b.Loop() {
			passage, err := p.Acquire(b.Context(), someRequest)
			if err != nil {
				b.Fatal(err)
			}
			passage.RecordResponse(200)
			passage.Release()
		}
	})
	b.Run("let through, by many", func(b *testing.B) {
		p := protect(128)
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_ = p.ask(b.Context(), answers(200))
			}
		})
	})
	b.Run("refused", func(b *testing.B) {
		p := protect(128)
		for range breakerMinimum {
			_ = p.ask(b.Context(), answers(503))
		}
		b.ReportAllocs()
		for b.Loop() {
			if err := p.ask(b.Context(), answers(503)); err == nil {
				continue // a probe
			}
		}
	})
}
