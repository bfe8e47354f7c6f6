package release

import (
	"strings"
	"testing"
	"time"

	"selvedge/composer/site/config"
)

// readUnit returns the settings in the text of a unit, the last of each.
func readUnit(text string) map[string]string {
	unit := make(map[string]string)
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			unit[key] = value
		}
	}
	return unit
}

// The unit waits longer than the server takes to stop, so that systemd kills no request.
func TestTheUnitWaitsForTheShutdown(t *testing.T) {
	c := config.New()
	unit := readUnit(read(t, "selvedge.service"))
	if got, err := time.ParseDuration(unit["TimeoutStopSec"]); err != nil || got <= c.DrainDelay+c.ShutdownTimeout {
		t.Errorf("TimeoutStopSec is %s, %v; want more than %s and %s", unit["TimeoutStopSec"], err, c.DrainDelay, c.ShutdownTimeout)
	}
}

// The socket has the address of the package's site, so that the option changes no address.
func TestTheSocketHasTheAddressOfTheSite(t *testing.T) {
	c, err := config.Read("site.yaml") // and not Load, because a checkout has no key
	if err != nil {
		t.Fatal(err)
	}
	if got := readUnit(read(t, "selvedge.socket"))["ListenStream"]; got != c.Listen {
		t.Errorf("ListenStream is %s; want %s, as in site.yaml", got, c.Listen)
	}
}
