package hub

import "net/http"

// A Protocol is what JSON clients speak. It is called by many goroutines.
//
// If it also has a method Gone(View) (Fragment, bool), the hub calls that for a view
// that is gone (see [ErrGone]). If it reports true, clients are sent the fragment, and
// keep the view.
type Protocol interface {
	// Open returns the views that a connection shows from its start. It is
	// refused for good on an error, as by [Pages].
	Open(r *http.Request) (Page, error)

	// Receive says what a client's message means. It does not wait.
	Receive(session string, message []byte) Reply

	// Encode makes a message of a view that has changed, once for all
	// connections that show it. Versions of a view only grow: they are its
	// revisions, or what comes after the last where a revision does not.
	Encode(v View, f Fragment, version int64) ([]byte, error)

	// Refuse makes the message that answers what the hub refuses, for one of
	// the reasons of this package.
	Refuse(reason string) []byte
}

// gonePresenter is a Protocol whose clients are told of views that are gone.
type gonePresenter interface {
	Gone(v View) (Fragment, bool)
}

// Why the hub refuses what a JSON client sends.
const (
	ReasonRate  = "Rate limit exceeded"
	ReasonViews = "Too many subscriptions"
)

// A Reply is what follows from a client's message; the zero value is
// nothing.
type Reply struct {
	Message []byte // for this client alone; empty: none
	Show    []View // views to send in their present state, and from then on
}
