//go:build linux

package main

import (
	"time"

	"selvedge/cmd/internal/footprint"
)

// Settle gives back the memory that is not in use, and says what is left.
func (s *Server) Settle(_ struct{}, reply *footprint.Footprint) (err error) {
	*reply, err = footprint.Settle()
	return err
}

// Usage says how much processor time the server has used.
func (s *Server) Usage(_ struct{}, reply *time.Duration) (err error) {
	*reply, err = footprint.ProcessorTime()
	return err
}
