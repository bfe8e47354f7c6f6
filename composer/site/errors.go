package site

import (
	"errors"
	"net/http"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/composer/site/config"
	"selvedge/fragments"
)

// ErrorPages answers failed requests: with pages for people, with notices for scripts that
// replace a part of their page, and with problem JSON for programs.
type ErrorPages struct {
	// Composer returns the composer that puts a page around an error.
	Composer func() *composer.Composer
	// Template returns the template of the page for a status, as for
	// [composer.Composer.Frame]. Empty: a page of package server.
	Template func(r *http.Request, status int) string
	// ProblemOf returns the problem of an error. Default: server.ProblemOf.
	ProblemOf func(err error) *server.Problem
}

// Fail answers a request by an error: of the composer, or of the server. A fragment's own
// words for a person stand on a page, or in a notice of the page that sent the request.
func (e *ErrorPages) Fail(w http.ResponseWriter, r *http.Request, err error) {
	var refused *composer.RefusedError
	if errors.As(err, &refused) && refused.Body != nil && fragments.PrefersHTML(r) {
		if !fragments.InBackground(r) || fragments.SwapError(w, r, refused.Status, refused.Body) != nil {
			e.Show(w, r, composer.Answer{Status: refused.Status, Body: refused.Body})
		}
		return
	}
	problemOf := e.ProblemOf
	if problemOf == nil {
		problemOf = server.ProblemOf
	}
	p := problemOf(err)
	if !fragments.PrefersHTML(r) || fragments.InBackground(r) {
		fragments.Error(w, r, p)
		return
	}
	e.Show(w, r, composer.Answer{Status: p.Status, Body: fragments.Explain(r, p)})
}

// NotFound answers a request for an unknown address.
func (e *ErrorPages) NotFound(w http.ResponseWriter, r *http.Request) {
	e.Fail(w, r, &server.Problem{Status: http.StatusNotFound, Detail: "There is nothing at this address."})
}

// NotAllowed answers a request with a method that its address does not have. The methods
// that it has are in the field Allow of the response (RFC 9110 §15.5.6), such as GET, HEAD.
func (e *ErrorPages) NotAllowed(w http.ResponseWriter, r *http.Request, allow string) {
	w.Header().Set("Allow", allow)
	e.Fail(w, r, &server.Problem{Status: http.StatusMethodNotAllowed, Detail: "This address does not answer " + r.Method + "."})
}

// Refuse answers a request that a server.RequestCheck refuses.
func (e *ErrorPages) Refuse(w http.ResponseWriter, r *http.Request, err *server.RequestError) {
	e.Fail(w, r, err)
}

// Show answers with a page of the site, or with a bare page if the site has no template for
// the status, or if the template fails too.
func (e *ErrorPages) Show(w http.ResponseWriter, r *http.Request, a composer.Answer) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	fragments.SetRetryAfter(w.Header(), a.Status)
	template := e.Template(r, a.Status)
	if template == "" || e.Composer().Frame(w, r, template, a) != nil {
		server.WritePage(w, a.Status, a.Body)
	}
}

// CrossOrigin returns a handler that refuses forms of other sites' pages (cross-site request
// forgery).
func (e *ErrorPages) CrossOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.Fail(w, r, &server.Problem{Status: http.StatusForbidden, Detail: "This form was sent by a page of another site."})
	}))
	return protection.Handler(next)
}

// errorTemplates returns the function for ErrorPages.Template by a configuration that was
// checked.
func errorTemplates(c *config.Config) func(*http.Request, int) string {
	templates := make(map[bool]config.Template) // by whether the status is 404
	for isNotFound, text := range map[bool]string{true: c.Errors.NotFound, false: c.Errors.Error} {
		if t, err := c.Template(text); err == nil {
			templates[isNotFound] = t
		}
	}
	return func(r *http.Request, status int) string {
		t, ok := templates[status == http.StatusNotFound]
		if !ok {
			return ""
		}
		reference, _ := referenceOf(t, r)
		return reference
	}
}
