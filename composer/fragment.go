package composer

import (
	"bytes"
	"net/http"
	"time"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/header"
)

// Fragment serves fragments by reference, at Prefix: GET and HEAD answer with
// one rendered fragment, byte for byte what a page includes, and any other
// method is handed to the fragment as Forward does.
func (c *Composer) Fragment() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ref, err := ParseReference(address.EscapedPath(r.URL) + "?" + r.URL.RawQuery)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			c.forward(w, r, ref)
			return
		}
		ref.Query = address.WithoutArguments(ref.Query)
		if err := c.render(w, r, ref); err != nil {
			c.fail(w, r, err)
		}
	})
}

// render writes one fragment. It returns an error only if nothing was
// written. A 4xx that is written for a person is such an error; any other
// answer that is no success is passed on as it is.
func (c *Composer) render(w http.ResponseWriter, r *http.Request, ref Reference) error {
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return err
	}
	r = withNormalHost(r)
	v := c.visit(r, nil)
	defer v.end()
	q := v.query(at, c.options.MaxWait)
	header := v.fields().Clone()
	header["Accept"] = r.Header["Accept"]
	q.header = fixedHeader(header)
	answer, u, err := c.obtain(q)
	if err != nil {
		return err
	}
	if refused := refusal(at.String(), answer); refused != nil && refused.Body != nil {
		return refused
	}
	if answer.ok() && answer.isESI() {
		return v.complete(w, answer, u)
	}
	serve(w, r, answer, u)
	return nil
}

// serve writes an answer as it is.
func serve(w http.ResponseWriter, r *http.Request, answer *response, u use) {
	h := answer.header.Header()
	u.tell(w.Header(), h)
	header.CopyToBrowser(w.Header(), h)
	w.Header().Del("Content-Length") // net/http counts what leaves
	if answer.status == http.StatusOK {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(answer.body))
		return
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body)
}
