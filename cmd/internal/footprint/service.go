//go:build linux

package footprint

import "time"

// Service answers by net/rpc for its process. A server that is measured embeds
// it in what it registers.
type Service struct{}

// Settle gives back the memory that is not in use, and says what is left.
func (Service) Settle(_ struct{}, reply *Footprint) (err error) {
	*reply, err = Settle()
	return err
}

// Usage says how much processor time the process has used.
func (Service) Usage(_ struct{}, reply *time.Duration) (err error) {
	*reply, err = ProcessorTime()
	return err
}
