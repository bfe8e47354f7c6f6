package composer

import (
	"net/http"
	"sync"

	"selvedge/composer/internal/page"
	"selvedge/composer/registry"
)

// Page serves pages: the response of the named fragment for the same path is the
// template, read as ESI if it says Surrogate-Control: content="ESI/1.0". The query of the
// page is not part of that path; a template passes it on with $(QUERY_STRING).
//
// Bytes are sent in document order as soon as they exist. An include that is marked
// primary or required is awaited first. The request fails if
//   - the primary include has a 4xx response: then the error is a *RefusedError;
//   - an include without a fallback fails. If bytes have been sent, the connection is
//     aborted.
func (c *Composer) Page(name string) http.Handler {
	c.templates.add(name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ref, err := registry.ReferenceFor(name, r.URL)
		if err == nil {
			ref.Query = ""
			err = c.servePage(w, r, ref, nil)
		}
		if err != nil {
			c.fail(w, r, err)
		}
	})
}

// Answer is content around which a page is put: its Title is the response to an include
// of /-/title, and its Body the response to one of /-/answer.
type Answer = page.Frame

// Frame writes a page around an answer, with the template that a reference names. If it
// returns an error, nothing was written.
func (c *Composer) Frame(w http.ResponseWriter, r *http.Request, template string, answer Answer) error {
	ref, err := ParseReference(template)
	if err != nil {
		return err
	}
	return c.servePage(w, r, ref, &answer)
}

// servePage writes the page of a template. It returns an error only if nothing was
// written.
func (c *Composer) servePage(w http.ResponseWriter, r *http.Request, ref Reference, answer *Answer) error {
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return err
	}
	return c.pages.ServePage(w, normalHost(r), at, answer)
}

// templateNames are the fragments that Page was called with. The zero value is empty.
type templateNames struct{ names sync.Map }

func (t *templateNames) add(name string) { t.names.Store(name, true) }

func (t *templateNames) has(name string) bool {
	_, ok := t.names.Load(name)
	return ok
}
