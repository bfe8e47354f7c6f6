package jsonlive

import (
	"fmt"
	"net/http"

	"selvedge/hub"
)

// MaxReferences is the number of references that a connection may follow, and that a
// message may name.
const MaxReferences = 32

// Protocol implements [hub.Protocol]. It is safe for concurrent use if its fields are.
//
// Danger: a client can read each fragment that NewClient's clients can. A site that
// checks the rights of visitors in front of its fragments, and not in the fragments, has
// to do so in [Client] too.
type Protocol struct {
	// NewClient returns the client of a handshake. It is required, and must not keep the
	// request.
	NewClient func(r *http.Request) Client

	// Extension has the message types of the site itself: its Open names the views that
	// each connection shows from its start, and messages about anything but references
	// are for its Receive. Nil: none.
	Extension hub.Protocol
}

var _ hub.Protocol = (*Protocol)(nil)

// Open returns a page with the views of Extension, whose client may follow references.
func (p *Protocol) Open(r *http.Request) (hub.Page, error) {
	client := p.NewClient(r)
	page := hub.Page{Session: client.Session()}
	if p.Extension != nil {
		var err error
		if page, err = p.Extension.Open(r); err != nil {
			return hub.Page{}, err
		}
	}
	page.Conversation = &conversation{protocol: p, client: client, session: page.Session, extension: page.Conversation}
	return page, nil
}

// Receive interprets a message about anything but references: by Extension, or else as
// an error.
func (p *Protocol) Receive(session string, message []byte) hub.Reply {
	if p.Extension != nil {
		return p.Extension.Receive(session, message)
	}
	return hub.Reply{Message: failure{Error: errorFormat, Detail: detailFormat}.message()}
}

// Encode returns the UPDATE or ERROR for the view of a reference. Any other view is
// encoded by Extension.
func (p *Protocol) Encode(v hub.View, f hub.Fragment, version int64) ([]byte, error) {
	_, ok := Fields(v)
	switch {
	case ok:
		return encodeFragment(v, f, version)
	case p.Extension != nil:
		return p.Extension.Encode(v, f, version)
	}
	return nil, fmt.Errorf("jsonlive: no message shows %s", v.Reference)
}

// Refuse returns the ERROR for a refusal of the hub.
func (p *Protocol) Refuse(reason string) []byte {
	if p.Extension != nil {
		return p.Extension.Refuse(reason)
	}
	return failure{Error: reason}.message()
}

// Gone returns the fragment for a view of Extension that is gone, if Extension has one.
func (p *Protocol) Gone(v hub.View) (hub.Fragment, bool) {
	presenter, ok := p.Extension.(interface {
		Gone(v hub.View) (hub.Fragment, bool)
	})
	if !ok {
		return hub.Fragment{}, false
	}
	return presenter.Gone(v)
}
