package hub

import (
	"net/http"
	"slices"
)

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

// handleJSON does what the protocol makes of a message.
func (c *connection) handleJSON(b []byte) {
	reply := c.hub.options.Protocol.Receive(c.session, b)
	if !c.hub.subscribeMore(c, reply.Show) {
		reply.Message = c.hub.options.Protocol.Refuse(ReasonViews)
	}
	if len(reply.Message) > 0 {
		c.queueFrame(textFrame(reply.Message))
	}
}

// subscribeMore has views sent to a connection, those that it shows already
// included. It refuses all if there are too many.
func (h *Hub) subscribeMore(c *connection, views []View) bool {
	if len(views) == 0 {
		return true
	}
	c.writeMu.Lock()
	defer h.flusher.mark(c)
	defer c.writeMu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	var more []Shown
	for _, name := range views {
		if s := c.subscriptionTo(name); s != nil {
			s.sentChange = 0
			c.uncompared = slices.DeleteFunc(c.uncompared, func(s Shown) bool { return s.View == name })
		} else if s := (Shown{View: name}); !slices.Contains(more, s) {
			more = append(more, s)
		}
	}
	if most := h.options.Views; most > 0 && len(c.subscriptions)+len(more) > most {
		return false
	}
	if c.joined {
		h.subscribe(c, more)
	}
	return true
}
