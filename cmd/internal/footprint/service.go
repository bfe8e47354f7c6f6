//go:build linux

package footprint

import "time"

// Service has the methods of this package for net/rpc. A measured server registers a type
// with an embedded Service.
type Service struct{}

// Settle calls the function Settle.
func (Service) Settle(_ struct{}, reply *Footprint) (err error) {
	*reply, err = Settle()
	return err
}

// Usage calls ProcessorTime.
func (Service) Usage(_ struct{}, reply *time.Duration) (err error) {
	*reply, err = ProcessorTime()
	return err
}
