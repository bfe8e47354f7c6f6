package main

import "time"

// A jitterPlan says how connections are cut while pages change.
type jitterPlan struct {
	changes int
	gap     time.Duration // between them
	online  time.Duration // for which a connection lasts, give or take a third
	offline time.Duration // for which a page stays away, or up to a quarter longer
}

// A jitter is what was seen of connections that are cut. A nil one sees
// nothing.
type jitter struct {
	jitterPlan
	pages     int
	cuts      int
	fresh     []time.Duration // from a handshake until what was missed is there
	twice     int             // updates that the page showed already
	backwards int             // updates older than what the page showed
	right     float64         // share of the pages that show the last change
}
