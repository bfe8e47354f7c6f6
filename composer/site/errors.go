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
	site             *Site
	notFound, failed *config.Template // nil: a page of package server
}

// errorTemplates returns the templates of error pages.
func errorTemplates(c *config.Config) (notFound, failed *config.Template, err error) {
	for text, to := range map[*string]**config.Template{&c.Errors.NotFound: &notFound, &c.Errors.Error: &failed} {
		if *text == "" {
			continue
		}
		t, err := c.Template(*text)
		if err != nil {
			return nil, nil, err
		}
		*to = &t
	}
	return notFound, failed, nil
}

// fail answers a request by an error: of the composer, or of the server.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.current.Load().errors.fail(w, r, err)
}

// fail answers a request by an error. A fragment's own words for a person stand on a page,
// or in a notice of the page that sent the request.
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
	e.show(w, r, composer.Answer{Status: p.Status, Title: p.Title, Body: fragments.Explain(r, p)})
}

// nothing answers a request for an unknown address.
func (e *errorPages) nothing(w http.ResponseWriter, r *http.Request) {
	e.fail(w, r, &server.Problem{Status: http.StatusNotFound, Detail: "There is nothing at this address."})
}

// show answers with a page of the site, or with a bare page if the site has no template
// for the status, or if the template fails too.
func (e *errorPages) show(w http.ResponseWriter, r *http.Request, a composer.Answer) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	fragments.SetRetryAfter(w.Header(), a.Status)
	template := e.failed
	if a.Status == http.StatusNotFound {
		template = e.notFound
	}
	if template != nil {
		if reference, ok := referenceOf(*template, r); ok && e.site.live.Composer().Frame(w, r, reference, a) == nil {
			return
		}
	}
	server.WritePage(w, a.Status, a.Body)
}
