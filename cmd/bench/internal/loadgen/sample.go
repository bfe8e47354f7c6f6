package loadgen

import "time"

// A Sample is the result of a [Run]. All times are of the phase after the
// warm-up.
type Sample struct {
	Latencies  []time.Duration // of each page, from the request to the last byte
	FirstBytes []time.Duration // of each page, from the request to the first byte
	Elapsed    time.Duration
	ClientTime time.Duration // processor time of this process
	ServerTime time.Duration // processor time of the server
	OriginTime time.Duration // processor time of the origin
	Total      int           // pages, with those of the warm-up
	FirstError error         // nil: there were no errors
	Errors     int           // connections that ended for an error, with those of the warm-up
}

// Rate returns the pages per second.
func (s Sample) Rate() float64 { return float64(len(s.Latencies)) / s.Elapsed.Seconds() }

// ClientShare returns the share of one processor that the clients used, from 0
// to 1.
func (s Sample) ClientShare() float64 { return float64(s.ClientTime) / float64(s.Elapsed) }

// ServerCost returns the processor time of the server for a page, in
// microseconds.
func (s Sample) ServerCost() float64 { return s.perPage(s.ServerTime) }

// TotalCost returns the processor time of client, server and origin for a page,
// in microseconds. An otherwise idle machine serves as many pages as fit into
// the time of its processors.
func (s Sample) TotalCost() float64 { return s.perPage(s.ServerTime + s.OriginTime + s.ClientTime) }

func (s Sample) perPage(d time.Duration) float64 {
	return float64(d) / float64(time.Microsecond) / float64(len(s.Latencies))
}
