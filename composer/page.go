package composer

import (
	"context"
	"errors"
	"html"
	"net/http"
)

// Page serves pages: the answer of the named fragment for the same path is
// the template, read as ESI if it says Surrogate-Control: content="ESI/1.0".
// The page's query is not part of that path; a template passes it on with
// $(QUERY_STRING).
//
// Bytes leave in document order as soon as they exist, unless an include is
// marked primary: it is waited for first, and if it answers with a 4xx, the
// request fails with a *RefusedError. An include that fails and has nothing in
// its place makes the request fail too, or cuts the connection if bytes have
// left.
func (c *Composer) Page(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := c.compose(w, r, Prefix+name+r.URL.EscapedPath(), nil); err != nil {
			c.options.Error(w, r, err)
		}
	})
}

// Answer is something that a page is put around.
type Answer struct {
	Status int
	Title  string // plain text, for /-/title
	Body   []byte // HTML, for /-/answer
}

// Frame writes a page around an answer: that of the template which a reference
// names, in which includes of /-/answer and /-/title stand for it. If it
// returns an error, nothing was written.
func (c *Composer) Frame(w http.ResponseWriter, r *http.Request, template string, answer Answer) error {
	return c.compose(w, r, template, &answer)
}

// compose fetches a template and runs it. It returns an error only if nothing
// was written.
func (c *Composer) compose(w http.ResponseWriter, r *http.Request, template string, answer *Answer) error {
	ctx, cancel := context.WithTimeout(r.Context(), c.options.PageTimeout)
	defer cancel()
	v := c.visit(ctx, r, nameOf(template), answer)
	response, err := c.fetch(ctx, template, v.header, c.options.PageTimeout)
	if err != nil {
		return err
	}
	if response.status >= 400 && answer == nil {
		return refusalOrError(template, response)
	}
	w.Header().Set("Content-Type", response.header.Get("Content-Type"))
	w.Header().Set("Cache-Control", "private, no-cache")
	status := response.status
	if answer != nil {
		status = answer.Status
	}
	if optsIn(response.header) {
		return v.run(w, response.body, status)
	}
	w.WriteHeader(status)
	_, _ = w.Write(response.body)
	return nil
}

// run writes a template, completed. It returns an error only if nothing was
// written; later the connection is cut instead.
func (v *visit) run(w http.ResponseWriter, template []byte, status int) error {
	run := v.start(v.program(template), 1)
	if err := run.primary(); err != nil {
		return err
	}
	out := &output{w: w, status: status, timings: &v.timings}
	err := v.write(out, run)
	if err == nil {
		err = out.finish()
	}
	if err != nil && out.committed {
		panic(http.ErrAbortHandler)
	}
	return err
}

// primary waits for the include that gives the page its status, if there is
// one, and returns its refusal.
func (run *running) primary() error {
	for _, p := range run.includes {
		if p.include.Primary {
			<-p.done
			if p.refusal != nil {
				return p.refusal
			}
			return nil
		}
	}
	return nil
}

// write writes a program in document order, as far as it can before it has to
// wait.
func (v *visit) write(out *output, run *running) error {
	next := 0
	for _, s := range run.program.Segments {
		var err error
		switch {
		case s.Include != nil:
			err = v.writeInclude(out, run.includes[next])
			next++
		case s.Variable != nil && s.Variable.Name == stylesVariable:
			out.head = true
			err = v.writeStyles(out, run)
		case s.Variable == nil:
			_, err = out.Write(s.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) writeInclude(out *output, p *pending) error {
	select {
	case <-p.done:
	default:
		if err := out.flush(); err != nil {
			return err
		}
		<-p.done
	}
	if p.err != nil {
		return p.err
	}
	if out.head {
		if err := out.sheet.link(out, v.styles.of(nameOf(p.reference))); err != nil {
			return err
		}
	}
	if p.inner != nil {
		return v.write(out, p.inner)
	}
	_, err := out.Write(p.body)
	return err
}

// writeStyles writes what is known of the stylesheets that a template and its
// includes will want.
func (v *visit) writeStyles(out *output, run *running) error {
	if err := out.sheet.link(out, v.styles.of(v.template)); err != nil {
		return err
	}
	for _, p := range run.includes {
		if err := out.sheet.link(out, v.styles.of(nameOf(p.reference))); err != nil {
			return err
		}
	}
	return nil
}

// response is what stands for a reserved reference.
func (a *Answer) response(reference string) (*response, error) {
	switch reference {
	case answerReference:
		return &response{status: http.StatusOK, body: a.Body}, nil
	case titleReference:
		return &response{status: http.StatusOK, body: []byte(html.EscapeString(a.Title))}, nil
	}
	return nil, &FetchError{Reference: reference, Err: errors.New("there is no such reserved reference")}
}
