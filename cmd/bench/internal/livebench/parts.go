package livebench

// The parts of a run, which can be selected.
const (
	Memory    = "memory"
	Idle      = "idle"
	Changes   = "changes"
	Renders   = "renders"
	Reconnect = "reconnect"
	Updates   = "updates"
	Visible   = "visible"
	Slow      = "slow"
	Jitter    = "jitter"
	Personal  = "personal"
	Naive     = "naive"
	Peers     = "peers"
)

// Parts returns all parts in the order of the table.
func Parts() []string {
	return []string{
		Memory, Idle, Changes, Renders, Reconnect, Updates,
		Visible, Slow, Jitter, Personal, Naive, Peers,
	}
}
