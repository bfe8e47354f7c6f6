package main

import "time"

// A sample is what a crowd saw.
type sample struct {
	pages  []time.Duration // how long each took
	firsts []time.Duration // how long the first byte of each took
	took   time.Duration
	used   time.Duration // processor time of the clients
	served time.Duration // processor time of the server
	behind time.Duration // processor time of the origin
	all    int           // pages, with those that are not counted
	err    error         // the first that anybody saw
	errors int
}

// rate is pages per second.
func (s sample) rate() float64 { return float64(len(s.pages)) / s.took.Seconds() }

// busy is the share of one processor that the clients used.
func (s sample) busy() float64 { return float64(s.used) / float64(s.took) }

// cost is the server's processor time for a page, in microseconds.
func (s sample) cost() float64 { return s.each(s.served) }

// total is the processor time that a page takes of the machine, with that of
// client and origin, in microseconds. A machine that has nothing else to do
// gives as many pages as fit into its processors' time.
func (s sample) total() float64 { return s.each(s.served + s.behind + s.used) }

func (s sample) each(d time.Duration) float64 {
	return float64(d) / float64(time.Microsecond) / float64(len(s.pages))
}
