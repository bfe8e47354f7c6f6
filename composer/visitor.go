package composer

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
)

// A Visitor is the sender of a request, as fragments can tell visitors apart: by the fields
// and cookies that fragments receive. It has a copy of the request's header, so that it can
// outlive the request, for instance as long as a live connection. It is immutable.
type Visitor struct {
	composer *Composer
	session  string
	isGiven  bool          // the session is from Session or WithSession
	request  *http.Request // with the header and the host alone
	address  netip.Addr    // see Options.ClientAddress
}

// Visitor returns the visitor of a request.
func (c *Composer) Visitor(r *http.Request) *Visitor {
	v := &Visitor{
		composer: c,
		session:  strings.Clone(c.SessionID(r)),
		request:  &http.Request{Header: r.Header.Clone(), Host: r.Host, TLS: r.TLS},
		address:  c.clientOf(r),
	}
	_, v.isGiven = c.givenSession(r)
	return v
}

// Of returns the visitor as a visitor of another composer of the same site.
func (v *Visitor) Of(c *Composer) *Visitor {
	other := *v
	other.composer = c
	return &other
}

// fields returns the header lines of a view of a reference for this visitor alone.
func (v *Visitor) fields(reference string) string {
	c, source := v.composer, v.composer.sourceOf(reference)
	r := v.request
	if v.isGiven {
		r = c.WithSession(r, v.session)
	}
	h := c.forwardedHeader(r, header.IncludeFields, source)
	return pagetoken.VariantWith(h, pagetoken.AllVariantBits, source.AllowedHeaders(c.options.Headers))
}

// Session returns the session of the visitor's request (see [Composer.SessionID]).
func (v *Visitor) Session() string { return v.session }

// View fetches a fragment by its reference as a GET of the visitor with this Accept, and
// returns the view in which the visitor sees the fragment, and its rendering. The variant
// of the view has only the fields that the response depends on, and Accept, so that it is
// the view of all visitors for whom the response is the same. Stored responses are used.
// The error is a *ReferenceError, a *VersionError, a *RefusedError, or else one that may
// pass.
func (v *Visitor) View(ctx context.Context, reference, accept string) (View, Rendered, error) {
	line := "Accept: " + accept + "\n"
	rendered, err := v.composer.renderFor(ctx, View{Reference: reference, Variant: line + v.fields(reference)}, v.address, time.Time{})
	if err != nil {
		return View{}, Rendered{}, err
	}
	return View{Reference: reference, Variant: line + rendered.Variant}, rendered, nil
}
