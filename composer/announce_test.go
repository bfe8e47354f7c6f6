package composer

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
	b.WriteString(device + `="x"`)
	for i := 2; b.Len() < size; i++ {
		b.WriteString(", " + device + strconv.Itoa(i) + `="x"`)
	}
	return http.Header{surrogateCapability: {b.String()}}
}

func TestALongSurrogateCapabilityIsDropped(t *testing.T) {
	few := capabilities(100)
	if announce(few); !strings.HasPrefix(few.Get(surrogateCapability), device+`="x", `) {
		t.Errorf("Surrogate-Capability = %q; want what came, and ours", few.Get(surrogateCapability))
	}
	many := capabilities(60 << 10)
	if announce(many); many.Get(surrogateCapability) != capability {
		t.Errorf("Surrogate-Capability = %.80q; want ours alone", many.Get(surrogateCapability))
	}
}

// TestASurrogateCapabilityCostsNoMoreThanItsLength counts allocations, of which
// there is one for each name that is tried.
func TestASurrogateCapabilityCostsNoMoreThanItsLength(t *testing.T) {
	cost := func(size int) float64 {
		h := capabilities(size)
		return testing.AllocsPerRun(5, func() { announce(http.Header{surrogateCapability: h[surrogateCapability]}) })
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
		announce(http.Header{surrogateCapability: h[surrogateCapability]})
	}
}
