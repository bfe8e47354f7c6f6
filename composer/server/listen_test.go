package server

import (
	"io"
	"net"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listen listens until the test ends.
func listen(t *testing.T, address string) []net.Listener {
	t.Helper()
	all, err := Listen(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, l := range all {
			_ = l.Close()
		}
	})
	return all
}

func TestAllThatComesIsAccepted(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", ":0", "localhost:0"} {
		t.Run(address, func(t *testing.T) {
			all := listen(t, address)
			if len(all) != loops {
				t.Errorf("%d listeners; want %d", len(all), loops)
			}
			for _, l := range all {
				go func() {
					for {
						c, err := l.Accept()
						if err != nil {
							return
						}
						_, _ = io.WriteString(c, "hello")
						_ = c.Close()
					}
				}()
			}
			for range 100 {
				c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", all[0].Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(c); string(got) != "hello" || err != nil {
					t.Fatalf("a client read %q, %v; want hello", got, err)
				}
				_ = c.Close()
			}
		})
	}
}

func TestAnAddressInUseIsRefused(t *testing.T) {
	taken := listen(t, "127.0.0.1:0")[0].Addr().String()
	if all, err := Listen(t.Context(), taken); err == nil {
		t.Errorf("Listen(%q) = %v; want an error", taken, all)
	}
}

func TestAClosedAddressIsFree(t *testing.T) {
	all := listen(t, "127.0.0.1:0")
	for _, l := range all {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	listen(t, all[0].Addr().String())
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	if all, err := Listen(t.Context(), "127.0.0.1:-1"); err == nil {
		t.Errorf("Listen = %v; want an error", all)
	}
}
