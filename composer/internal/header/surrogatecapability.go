package header

import (
	"net/http"
	"strconv"
	"strings"
)

// AnnounceCapability adds Capability to a request, after the capabilities of the
// surrogates in front of the composer (Edge Architecture 1.0 §2.1). Each device has
// its own name in the field.
func AnnounceCapability(h http.Header) {
	before := h[SurrogateCapability]
	if len(before) == 0 {
		h[SurrogateCapability] = []string{Capability}
		return
	}
	taken, elements := make(map[string]bool), 0
	for element := range ListElements(before) {
		if elements++; elements > maxSurrogates {
			h[SurrogateCapability] = []string{Capability}
			return
		}
		name, _, _ := strings.Cut(element, "=")
		taken[strings.ToLower(strings.TrimSpace(name))] = true
	}
	name := Device
	for i := 2; taken[name]; i++ {
		name = Device + strconv.Itoa(i)
	}
	h[SurrogateCapability] = []string{strings.Join(before, ", ") + ", " + strings.Replace(Capability, Device, name, 1)}
}

// maxSurrogates bounds the surrogates that a request names in Surrogate-Capability. A
// longer list is not from a chain of surrogates, and is dropped.
const maxSurrogates = 16
