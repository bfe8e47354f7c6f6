package composer

import (
	"errors"
	"html"
	"io"
	"net/http"

	"selvedge/composer/esi"
)

// warningHeader says what is wrong with a page's template, by line and column.
const (
	warningHeader    = "Selvedge-Warning"
	maxShownWarnings = 8
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
		ref, err := referenceFor(name, r.URL)
		if err == nil {
			ref.Query = ""
			err = c.compose(w, r, ref, nil)
		}
		if err != nil {
			c.fail(w, r, err)
		}
	})
}

// Answer is something that a page is put around.
type Answer struct {
	Status int    // 200 to 599
	Title  string // plain text, for /-/title
	Body   []byte // HTML, for /-/answer
}

// Frame writes a page around an answer: that of the template which a reference
// names, in which includes of /-/answer and /-/title stand for it. If it
// returns an error, nothing was written.
func (c *Composer) Frame(w http.ResponseWriter, r *http.Request, template string, answer Answer) error {
	ref, err := ParseReference(template)
	if err != nil {
		return err
	}
	return c.compose(w, r, ref, &answer)
}

// compose fetches a template and writes the page. It returns an error only if
// nothing was written.
func (c *Composer) compose(w http.ResponseWriter, r *http.Request, ref Reference, answer *Answer) error {
	v := c.visit(r, ref.Name, answer)
	defer v.end()
	template, err := c.fetch(v.ctx, ref, v.header, c.options.PageTimeout)
	switch {
	case err != nil:
		return err
	case answer != nil && !template.ok():
		return &FetchError{Reference: ref.String(), Status: template.status}
	case answer != nil:
		return v.page(w, template, answer.Status)
	case template.status >= 400:
		return refusalOrError(ref.String(), template)
	}
	return v.page(w, template, template.status)
}

// page writes a template, completed. It returns an error only if nothing was
// written; later the connection is cut instead.
func (v *visit) page(w http.ResponseWriter, template *response, status int) error {
	out := &output{w: w, header: pageHeader(template.header), status: status, timings: &v.timings}
	err := v.fill(out, template)
	if err == nil {
		err = out.finish()
	}
	if err != nil && out.committed {
		panic(http.ErrAbortHandler)
	}
	return err
}

// pageHeader is what a page has of its template's header. A page is made for
// one visitor, and is as fresh as its parts, so what the template says of
// itself to caches does not hold for it.
func pageHeader(template http.Header) http.Header {
	h := make(http.Header)
	for _, name := range []string{"Content-Type", "Content-Language", "Location", "Vary"} {
		if values := template[name]; len(values) > 0 {
			h[name] = values
		}
	}
	h.Set("Cache-Control", "private, no-cache")
	return h
}

// fill writes a template and what it includes.
func (v *visit) fill(out *output, template *response) error {
	if template.program == nil {
		_, err := out.Write(template.body)
		return err
	}
	run := v.start(template.program, 1)
	warn(out.header, run.program.Warnings)
	if err := run.primary(); err != nil {
		return err
	}
	return v.write(out, run)
}

// warn tells the author of a template, in the page's header, what is probably
// not what was meant.
func warn(h http.Header, warnings []esi.Warning) {
	for _, w := range warnings[:min(len(warnings), maxShownWarnings)] {
		h.Add(warningHeader, w.String())
	}
}

// write writes a program in document order, as far as it can before it has to
// wait.
func (v *visit) write(out *output, run *running) error {
	next := 0
	for _, s := range run.program.Segments {
		var err error
		switch {
		case s.Include != nil:
			err = v.writeInclude(out, run.parts[next].include)
			next++
		case s.Choose != nil:
			err = v.writeBranch(out, run.parts[next].branch)
			next++
		case s.Try != nil:
			err = v.writeTry(out, run.parts[next].try)
			next++
		case s.Variable != nil:
			err = v.writeVariable(out, run, *s.Variable)
		default:
			_, err = out.Write(s.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeBranch writes the branch of a choose that was taken, or nothing.
func (v *visit) writeBranch(out *output, branch *running) error {
	if branch == nil {
		return nil
	}
	return v.write(out, branch)
}

func (v *visit) writeTry(out *output, a *attempt) error {
	if err := out.wait(a.done); err != nil {
		return err
	}
	return v.write(out, a.shown)
}

func (v *visit) writeInclude(out *output, p *pending) error {
	if err := out.wait(p.done); err != nil {
		return err
	}
	if p.err != nil {
		return p.err
	}
	if p.shown != nil {
		v.shown = append(v.shown, *p.shown)
	}
	if out.head {
		if err := out.sheet.link(out, p.styles); err != nil {
			return err
		}
	}
	if p.inner != nil {
		return v.write(out, p.inner)
	}
	_, err := out.Write(p.body)
	return err
}

// writeVariable writes what a variable in the text of a template stands for.
// Ours are markup; all others are escaped.
func (v *visit) writeVariable(out *output, run *running, variable esi.Variable) error {
	switch variable.Name {
	case stylesVariable:
		out.head = true
		return v.writeStyles(out, run)
	case pageVariable:
		_, err := io.WriteString(out, v.newToken(v.session, v.shown))
		return err
	}
	_, err := io.WriteString(out, v.environment.text(variable))
	return err
}

// writeStyles writes what is known of the stylesheets that a template and its
// includes will want.
func (v *visit) writeStyles(out *output, run *running) error {
	if err := out.sheet.link(out, v.styles.of(v.template)); err != nil {
		return err
	}
	var err error
	run.references(func(reference string) bool {
		err = out.sheet.link(out, v.styles.of(nameOf(reference)))
		return err == nil
	})
	return err
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
