package composer

import (
	"bytes"
	"net/http"
	"time"
)

// Fragment serves fragments by reference, at Prefix: GET and HEAD answer with
// one rendered fragment, byte for byte what a page includes, and any other
// method is handed to the fragment as Forward does.
func (c *Composer) Fragment() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ref, err := ParseReference(r.URL.RequestURI())
		if err != nil {
			c.fail(w, r, err)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			c.forward(w, r, ref)
			return
		}
		if err := c.render(w, r, ref); err != nil {
			c.fail(w, r, err)
		}
	})
}

// render writes one fragment. It returns an error only if nothing was
// written. A 4xx that is written for a person is such an error; any other
// answer that is no success is passed on as it is.
func (c *Composer) render(w http.ResponseWriter, r *http.Request, ref Reference) error {
	v := c.visit(r, ref.Name, nil)
	defer v.end()
	header := v.header.Clone()
	header["Accept"] = r.Header["Accept"]
	answer, use, err := c.obtain(v.ctx, ref, header, c.options.MaxWait)
	if err != nil {
		return err
	}
	if refused := refusal(ref.String(), answer); refused != nil && refused.Body != nil {
		return refused
	}
	if answer.ok() && answer.program != nil {
		return v.page(w, answer, answer.status)
	}
	use.tell(w.Header(), answer.header)
	sendHeader(w.Header(), answer.header)
	w.Header().Del("Content-Length") // net/http counts what leaves
	if answer.status == http.StatusOK {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(answer.body))
		return nil
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body)
	return nil
}
