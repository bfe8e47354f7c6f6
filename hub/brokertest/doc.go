// Package brokertest holds the tests that every [hub.Broker] passes.
//
//	func TestBroker(t *testing.T) {
//		brokertest.Run(t, func(t *testing.T) hub.Broker {
//			return newBroker(t)
//		})
//	}
package brokertest
