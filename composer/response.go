package composer

import (
	"context"
	"net/http"
	"unique"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/header"
)

// response is what a source answers. Others may have it too, so only the
// content of one that is still coming changes.
type response struct {
	key     // of the request
	status  int
	header  header.Compact
	body    []byte
	derived *derived // from the body; nil while that is coming
	coming  *content // nil: it is whole
	extra   *extra   // nil: it has nothing of that
	groups  []membership
	gives   cachepolicy.Policy
	named   unique.Handle[string] // the charset of the body; zero: that of the page
	raw     http.Header           // as it came, until the answer is stored; may be nil
}

// extra is what few responses have.
type extra struct {
	styles       []string      // the stylesheets that it announced
	links        []header.Link // what is to be loaded with it
	vary, varied []string      // of a stored one: the fields that it varies on, and their values
	heuristic    bool          // of a stored one: see isHeuristic
	trailer      http.Header   // of one that is not stored; see handedOnTrailer
}

// isDocument reports whether it was asked for as a browser does, and not as a
// fragment.
func (r *response) isDocument() bool { return r.Backend != nil && r.audience.Value().document }

// styles returns the stylesheets that the answer announced.
func (r *response) styles() []string {
	if r.extra == nil {
		return nil
	}
	return r.extra.styles
}

// links returns what is to be loaded with the answer.
func (r *response) links() []header.Link {
	if r.extra == nil {
		return nil
	}
	return r.extra.links
}

// isHandedOn reports whether the body of the answer is not read here, but by the
// one visitor whom it is for.
func (r *response) isHandedOn() bool { return r.coming != nil && r.coming.rest != nil }

// ok reports whether the answer may stand in a page (2xx).
func (r *response) ok() bool { return r.status >= 200 && r.status < 300 }

// isRedirect reports whether the answer says where to go instead.
func (r *response) isRedirect() bool {
	return r.status >= 300 && r.status <= 399 && r.header.Get("Location") != ""
}

// isESI reports whether the answer is read as ESI.
func (r *response) isESI() bool {
	if r.coming != nil {
		return r.coming.compiler != nil
	}
	return r.derived != nil && r.derived.program != nil
}

// finish gives an answer its whole body, and the program of that if it is to
// be read as ESI.
func (r *response) finish(body []byte, program *esi.Program) *response {
	r.body, r.derived, r.coming = body, &derived{program: program}, nil
	r.setMark(body)
	r.gives.SetBody(body)
	return r
}

// whole returns the answer with all of its body, which it waits for.
func (r *response) whole(ctx context.Context) (*response, error) {
	if r.coming == nil {
		return r, nil
	}
	if err := r.coming.body.WaitComplete(ctx); err != nil {
		return nil, err
	}
	all := *r
	return all.finish(r.coming.body.Bytes(), r.coming.program()).withTrailer(r.coming.body.Trailer()), nil
}
