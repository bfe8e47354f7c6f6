package brokertest_test

import (
	"testing"

	"go.uber.org/goleak"

	"selvedge/hub"
	"selvedge/hub/brokertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLocal(t *testing.T) {
	brokertest.Run(t, func(*testing.T) hub.Broker { return new(hub.Local) })
}
