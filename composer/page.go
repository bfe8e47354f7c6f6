package composer

import (
	"cmp"
	"context"
	"errors"
	"html"
	"net/http"

	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
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
// Bytes leave in document order as soon as they exist. An include that is
// marked primary or required is waited for first; if the primary one answers
// with a 4xx, the request fails with a *RefusedError. An include that fails and
// has nothing in its place makes the request fail too, or cuts the connection
// if bytes have left.
func (c *Composer) Page(name string) http.Handler {
	c.pages.add(name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ref, err := registry.ReferenceFor(name, r.URL)
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
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return err
	}
	r = withNormalHost(r)
	if answer == nil {
		if done, err := c.replayAt(w, r, at); done {
			return sent(err)
		}
	}
	v := c.visit(r, answer)
	defer v.end()
	template, u, err := v.template(at)
	switch {
	case err != nil:
		return err
	case answer != nil && !template.ok():
		return &FetchError{Reference: at.String(), Status: template.status}
	case template.status >= 400:
		return refusalOrError(at.String(), template)
	}
	if answer == nil {
		return v.complete(w, template, u)
	}
	out := v.open(w, template, u)
	out.status = answer.Status
	out.merged.KeepPrivate()
	return v.page(out)
}

// complete writes the page of a template, which was had like this. It returns
// an error only if nothing was written.
func (v *visit) complete(w http.ResponseWriter, template *response, u use) error {
	if u.forward == "" {
		v.fresh(u)
	}
	return v.page(v.open(w, template, u))
}

// template returns the answer of a place that is to be a page.
func (v *visit) template(at registry.Target) (*response, use, error) {
	if v.cache != nil {
		if answer, u := v.cache.hit(v.key(at), v, v.now); answer != nil {
			return answer, u, nil
		}
	}
	q := v.query(at, v.options.PageTimeout)
	q.level, q.page, q.pieces = 0, true, true
	answer, u, err := v.obtain(q)
	if err != nil || answer.status < 400 {
		return answer, u, err
	}
	answer, err = answer.whole(v.context())
	if err != nil {
		err = &FetchError{Reference: at.String(), Err: err}
	}
	return answer, u, err
}

// page writes a template, completed. It returns an error only if nothing was
// written; later the connection is cut instead.
func (v *visit) page(out *output) error {
	err := v.fill(out)
	left := context.Cause(v.base)
	if left == nil {
		out.time()
	}
	if err == nil && left != nil {
		err = &FetchError{Reference: out.template.String(), Err: left} // what there is are fallbacks
	}
	if err == nil {
		err = out.finish()
	} else if !out.committed {
		// What the page's head depends on says more than what failed first.
		err = cmp.Or(out.pass(), err)
	}
	if err == nil {
		return nil
	}
	if elsewhere := (*redirection)(nil); errors.As(err, &elsewhere) {
		return out.redirect(elsewhere)
	}
	if out.committed {
		return sent(err)
	}
	return err
}

// sent is what a page comes to that has left, or a part of it: an error cuts
// its connection.
func sent(err error) error {
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// fill writes a template and what it includes.
func (v *visit) fill(out *output) error {
	template := out.template
	switch {
	case template.isESI():
		run := v.run(template, 1, false)
		out.run = run
		return v.write(out, run)
	case template.coming != nil:
		return v.stream(out, template)
	}
	return out.text(template.body, template)
}

// reserved returns what stands for a reserved reference. It is made for the page
// that shows it, whose Age it does not raise.
func (v *visit) reserved(reference string) (*response, error) {
	answer := &response{status: http.StatusOK, gives: cachepolicy.New(registry.Target{}, nil, v.now, v.now, pagetoken.VariantBits)}
	answer.setCharset(header.DefaultCharset)
	switch reference {
	case answerReference:
		answer.finish(v.answer.Body, nil)
	case titleReference:
		answer.finish([]byte(html.EscapeString(v.answer.Title)), nil)
	default:
		return nil, &FetchError{Reference: reference, Err: errors.New("there is no such reserved reference")}
	}
	answer, err := v.in(v.context(), answer)
	if err != nil {
		return nil, &FetchError{Reference: reference, Err: err}
	}
	return answer, nil
}
