package header

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// capabilities is a Surrogate-Capability field of so many bytes that takes the
// names which we would go by one after the other.
func capabilities(size int) http.Header {
	var b strings.Builder
	b.WriteString(Device + `="x"`)
	for i := 2; b.Len() < size; i++ {
		b.WriteString(", " + Device + strconv.Itoa(i) + `="x"`)
	}
	return http.Header{SurrogateCapability: {b.String()}}
}

func TestALongSurrogateCapabilityIsDropped(t *testing.T) {
	few := capabilities(100)
	if AnnounceCapability(few); !strings.HasPrefix(few.Get(SurrogateCapability), Device+`="x", `) {
		t.Errorf("Surrogate-Capability = %q; want what came, and ours", few.Get(SurrogateCapability))
	}
	many := capabilities(60 << 10)
	if AnnounceCapability(many); many.Get(SurrogateCapability) != Capability {
		t.Errorf("Surrogate-Capability = %.80q; want ours alone", many.Get(SurrogateCapability))
	}
}

// TestASurrogateCapabilityCostsNoMoreThanItsLength counts allocations, of which
// there is one for each name that is tried.
func TestASurrogateCapabilityCostsNoMoreThanItsLength(t *testing.T) {
	cost := func(size int) float64 {
		h := capabilities(size)
		return testing.AllocsPerRun(5, func() { AnnounceCapability(http.Header{SurrogateCapability: h[SurrogateCapability]}) })
	}
	if half, whole := cost(30<<10), cost(60<<10); whole > 2.5*half {
		t.Errorf("60 KB cost %v allocations, and 30 KB %v; want 2.5 times as many at most", whole, half)
	}
}

// BenchmarkSurrogateCapability is what a field of 58 KB costs.
func BenchmarkSurrogateCapability(b *testing.B) {
	h := capabilities(58 << 10)
	b.ReportAllocs()
	for b.Loop() {
		AnnounceCapability(http.Header{SurrogateCapability: h[SurrogateCapability]})
	}
}
