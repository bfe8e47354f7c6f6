package site

import (
	"errors"
	"net/http"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/composer/site/config"
	"selvedge/fragments"
)

// errorPages answers failed requests: with pages for people, with notices for scripts that
// replace a part of their page, and with problem JSON for programs.
type errorPages struct {
	// composer returns the composer that puts a page around an error.
	composer func() *composer.Composer
	// template returns the template of the page for a status, as for
	// [composer.Composer.Frame]. Empty: a page of package server.
	template func(r *http.Request, status int) string
}

// fail answers a request by an error: of the composer, or of the server. A fragment's own
// words for a person stand on a page, or in a notice of the page that sent the request.
func (e *errorPages) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refused *composer.RefusedError
	if errors.As(err, &refused) && refused.Body != nil && fragments.PrefersHTML(r) {
		if !fragments.InBackground(r) || fragments.SwapError(w, r, refused.Status, refused.Body) != nil {
			e.show(w, r, composer.Answer{Status: refused.Status, Body: refused.Body})
		}
		return
	}
	p := server.ProblemOf(err)
	if !fragments.PrefersHTML(r) || fragments.InBackground(r) {
		fragments.Error(w, r, p)
		return
	}
	e.show(w, r, composer.Answer{Status: p.Status, Body: fragments.Explain(r, p)})
}

// notFound answers a request for an unknown address.
func (e *errorPages) notFound(w http.ResponseWriter, r *http.Request) {
	e.fail(w, r, &server.Problem{Status: http.StatusNotFound, Detail: "There is nothing at this address."})
}

// notAllowed answers a request with a method that its address does not have. The methods
// that it has are in the field Allow of the response (RFC 9110 §15.5.6), such as GET, HEAD.
func (e *errorPages) notAllowed(w http.ResponseWriter, r *http.Request, allow string) {
	w.Header().Set("Allow", allow)
	e.fail(w, r, &server.Problem{Status: http.StatusMethodNotAllowed, Detail: "This address does not answer " + r.Method + "."})
}

// refuse answers a request that a server.RequestCheck refuses.
func (e *errorPages) refuse(w http.ResponseWriter, r *http.Request, err *server.RequestError) {
	e.fail(w, r, err)
}

// show answers with a page of the site, or with a bare page if the site has no template for
// the status, or if the template fails too.
func (e *errorPages) show(w http.ResponseWriter, r *http.Request, a composer.Answer) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	fragments.SetRetryAfter(w.Header(), a.Status)
	template := e.template(r, a.Status)
	if template == "" || e.composer().Frame(w, r, template, a) != nil {
		server.WritePage(w, a.Status, a.Body)
	}
}

// crossOrigin returns a handler that refuses forms of other sites' pages (cross-site request
// forgery).
func (e *errorPages) crossOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.fail(w, r, &server.Problem{Status: http.StatusForbidden, Detail: "This form was sent by a page of another site."})
	}))
	return protection.Handler(next)
}

// ownTemplates returns the function for errorPages.template by a configuration that was
// checked.
func ownTemplates(c *config.Config) func(*http.Request, int) string {
	templates := make(map[string]config.Template)
	for _, text := range []string{c.Errors.NotFound, c.Errors.Error, c.Frame} {
		if t, err := c.Template(text); err == nil {
			templates[text] = t
		}
	}
	return func(r *http.Request, status int) string {
		text := c.Errors.Error
		switch {
		case status == http.StatusNotFound:
			text = c.Errors.NotFound
		case status < http.StatusBadRequest:
			text = c.Frame
		}
		t, ok := templates[text]
		if !ok {
			return ""
		}
		reference, _ := referenceOf(t, r)
		return reference
	}
}
