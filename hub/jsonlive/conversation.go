package jsonlive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"selvedge/hub"
)

// conversation implements hub.Conversation. All of its state is in the hub: the views
// followed by the connection.
type conversation struct {
	protocol  *Protocol
	client    Client
	session   string
	extension hub.Conversation // of Protocol.Extension; nil: none
}

// Receive interprets a message.
func (c *conversation) Receive(ctx context.Context, message []byte, followed []hub.View) hub.Reply {
	m, malformed, ok := parseMessage(message)
	switch {
	case !ok && c.extension != nil:
		return c.extension.Receive(ctx, message, followed)
	case !ok:
		return c.protocol.Receive(c.session, message)
	case malformed != "":
		return hub.Reply{Message: failure{Error: errorFormat, Detail: malformed}.message()}
	case m.kind == typeUnsubscribe:
		return hub.Reply{Hide: viewsOf(followed, m.references...)}
	}
	return c.subscribe(ctx, m.references, followed)
}

// subscribe returns the reply to a SUBSCRIBE, in the order of the references. A reference
// that is refused, or has got another view, does not keep its previous view.
func (c *conversation) subscribe(ctx context.Context, references []string, followed []hub.View) hub.Reply {
	var reply hub.Reply
	count := len(viewsOf(followed))
	for i, look := range c.lookAll(ctx, references) {
		before := viewsOf(followed, references[i])
		if look.err == nil && len(before) == 0 && count >= MaxReferences {
			look.err = &tooMany
		}
		reply.Hide = append(reply.Hide, before...)
		if look.err != nil {
			count -= len(before)
			reply.Messages = append(reply.Messages, describe(references[i], look.err))
			continue
		}
		count += 1 - len(before)
		reply.Show = append(reply.Show, look.shown.View)
		reply.Seen = append(reply.Seen, look.shown)
	}
	return reply
}

var tooMany = Error{http.StatusTooManyRequests, fmt.Sprintf("A connection follows %d references at most.", MaxReferences)}

// look is the result of Client.Look.
type look struct {
	shown    hub.Shown
	err      error
	panicked any // the value of a panic; nil: none
}

// lookAll fetches references concurrently. MaxReferences bounds the fetches, because the
// hub has a connection's messages interpreted after each other. A panic of the Client
// becomes a panic of the caller, because the hub recovers from panics there.
func (c *conversation) lookAll(ctx context.Context, references []string) []look {
	looks := make([]look, len(references))
	var all sync.WaitGroup
	for i, reference := range references {
		all.Go(func() {
			defer func() { looks[i].panicked = recover() }()
			looks[i].shown, looks[i].err = c.client.Look(ctx, reference)
		})
	}
	all.Wait()
	for _, l := range looks {
		if l.panicked != nil {
			panic(l.panicked)
		}
	}
	return looks
}

// describe returns the ERROR for a reference. The text of an unexpected error is not for
// clients.
func describe(reference string, err error) []byte {
	refused := &Error{http.StatusBadGateway, "The fragment could not be fetched."}
	errors.As(err, &refused)
	f := refusal(reference, refused)
	if refused == &tooMany {
		f.Error = hub.ReasonViews
	}
	return f.message()
}

// viewsOf returns the views of this package with these references, or without references
// all of them.
func viewsOf(views []hub.View, references ...string) []hub.View {
	var found []hub.View
	for _, v := range views {
		_, ok := Fields(v)
		if ok && (len(references) == 0 || slices.Contains(references, v.Reference)) {
			found = append(found, v)
		}
	}
	return found
}
