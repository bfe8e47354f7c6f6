package workload

// A Change is new content of pages: of their first views, or of the last view
// of the pages of one session. It is sent to server processes as JSON.
type Change struct {
	Views    int    // number of views from the first, if there is no session
	Session  string // empty: of all sessions
	Revision int64
	Size     int // of a view, in bytes
}
