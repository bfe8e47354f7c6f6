package page

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// Assembler assembles pages. It is safe for concurrent use.
type Assembler struct {
	options    Options
	fetcher    *fetch.Fetcher
	resolver   *registry.Resolver
	blocks     *blocks // nil without a cache
	linkHints  *linkHints
	failures   *failureLog
	microcache microcache

	// allowedHostCookies are the names in Options.SetCookies, without the wildcard. They
	// apply to hosts that are only allowed.
	allowedHostCookies []string
}

// New returns an assembler.
func New(options Options) (*Assembler, error) {
	hints, err := newLinkHints()
	if err != nil {
		return nil, err
	}
	a := &Assembler{
		options: options, fetcher: options.Fetcher, resolver: options.Resolver, linkHints: hints, failures: newFailureLog(options.Logger),
		allowedHostCookies: slices.DeleteFunc(slices.Clone(options.SetCookies), func(name string) bool { return name == header.AnyCookie }),
	}
	if a.fetcher.Cache != nil {
		a.blocks, err = newBlocks(options.CacheSize)
	}
	return a, err
}

// Close ends the compression in the background, and logs the counted failures.
func (a *Assembler) Close() {
	a.failures.close()
	if a.blocks != nil {
		a.blocks.close()
	}
}

// setCookies returns the Set-Cookie fields of an include's response that its page has.
func (a *Assembler) setCookies(response *cache.Response) []string {
	source, allowed := response.Backend, a.options.SetCookies
	switch {
	case source == nil:
		return nil
	case source.SetCookies != nil:
		return a.ownSetCookies(response)
	case source.Guarded:
		allowed = a.allowedHostCookies
	}
	if len(allowed) == 0 {
		return nil
	}
	return header.AllowedSetCookies(response.Header.Header(), allowed)
}

// ownSetCookies returns the Set-Cookie fields that Source.SetCookies allows.
func (a *Assembler) ownSetCookies(response *cache.Response) []string {
	if response.Backend == nil || len(response.Backend.SetCookies) == 0 {
		return nil
	}
	return header.OwnSetCookies(response.Header.Header(), response.Backend.SetCookies, a.options.IsReserved)
}

// Frame is content to be surrounded by a page.
type Frame struct {
	Status int    // of the page, 200 to 599
	Title  string // plain text, for /-/title
	Body   []byte // HTML, for /-/answer
}

// ServePage writes the page of the template at a target. frame may be nil. ServePage
// returns an error only if it has written nothing.
func (a *Assembler) ServePage(w http.ResponseWriter, r *http.Request, at registry.Target, frame *Frame) error {
	if frame == nil {
		if served, err := a.serveMicrocachedAt(w, r, at); served {
			return abortOn(err)
		}
	}
	pr := a.newPageRequest(r, frame)
	defer pr.end()
	pr.isPage = true
	template, status, err := pr.fetchTemplate(at)
	switch {
	case err != nil:
		return err
	case frame != nil && !template.IsSuccess():
		return &fetch.Error{Reference: at.String(), Status: template.Status}
	case template.Status >= 400:
		return refusedOrFailed(at.String(), template)
	}
	if template, err = pr.tracedTemplate(template); err != nil {
		return &fetch.Error{Reference: at.String(), Err: err}
	}
	if frame == nil {
		return pr.serve(w, template, status)
	}
	pw := pr.open(w, template, status)
	pw.status = frame.Status
	pw.policy.KeepPrivate()
	return pr.write(pw)
}

// ServeFragment writes a single fragment, complete with its includes. A 4xx with HTML for
// a person is a *RefusedError. Any other error response is passed on unchanged.
// ServeFragment returns an error only if it has written nothing.
func (a *Assembler) ServeFragment(w http.ResponseWriter, r *http.Request, at registry.Target) error {
	pr := a.newPageRequest(r, nil)
	defer pr.end()
	q := pr.newFetch(at, pr.sourceWait(at.Backend))
	h := q.Header.Header().Clone()
	h["Accept"] = r.Header["Accept"]
	q.Header = cache.FixedHeader(h)
	response, status, err := a.fetcher.Get(q)
	if err != nil {
		return err
	}
	if refused := refusedBy(at.String(), response); refused != nil && refused.Body != nil {
		return refused
	}
	if response.IsSuccess() && response.IsTransformed() {
		return pr.serve(w, response, status)
	}
	if strings.HasPrefix(at.URI, AssetPath) {
		a.writeAsset(w, r, response, status)
		return nil
	}
	header.AddSetCookies(w.Header(), a.ownSetCookies(response))
	writeResponse(w, r, status, response.Status, response.Header.Header(), response.Body)
	return nil
}

// Template is a fetched template.
type Template struct {
	*cache.Response
	Status cache.Status

	// Surrogate marks a page for another composer. Such a page keeps the directives of
	// SurrogateControl for the next surrogate (Edge Architecture 1.0 §2.2).
	Surrogate        bool
	SurrogateControl []string
}

// ServeTemplate writes the page of a template. It returns an error only if it has written
// nothing.
func (a *Assembler) ServeTemplate(w http.ResponseWriter, r *http.Request, t Template) error {
	if t.Status.IsHit() && !t.Surrogate {
		if served, err := a.serveMicrocached(w, r, t.Response, time.Now()); served {
			return abortOn(err)
		}
	}
	pr := a.newPageRequest(r, nil)
	defer pr.end()
	pr.isPage = !t.Surrogate // the other composer may include the page
	if t.Surrogate {
		pr.trace = nil
	}
	template, err := pr.tracedTemplate(t.Response)
	if err != nil {
		return &fetch.Error{Reference: t.String(), Err: err}
	}
	if !t.Surrogate {
		return pr.serve(w, template, t.Status)
	}
	pw := pr.open(w, template, t.Status)
	pw.surrogateControl = t.SurrogateControl
	pw.isPersonal = true // the page of another client has other fields
	return pr.write(pw)
}

// fetchTemplate returns the response of a target, for use as a page.
func (pr *pageRequest) fetchTemplate(at registry.Target) (*cache.Response, cache.Status, error) {
	if c := pr.assembler.fetcher.Cache; c != nil {
		if response, status := c.Lookup(pr.key(at), pr.headerFor(at, false), pr.started); response != nil {
			return response, status, nil
		}
	}
	q := pr.newFetch(at, pr.options.PageTimeout)
	q.Level, q.IsPage, q.Stream = 0, true, pr.trace == nil
	response, status, err := pr.assembler.fetcher.Get(q)
	if err != nil || response.Status < 400 {
		return response, status, err
	}
	response, err = response.Whole(pr.context())
	if err != nil {
		err = &fetch.Error{Reference: at.String(), Err: err}
	}
	return response, status, err
}

// serve writes the page of a template. It returns an error only if it has written
// nothing.
func (pr *pageRequest) serve(w http.ResponseWriter, template *cache.Response, status cache.Status) error {
	if status.IsHit() {
		pr.noteHit(status)
	}
	return pr.write(pr.open(w, template, status))
}

// write writes a page. It returns an error only if it has written nothing. A later error
// aborts the connection.
func (pr *pageRequest) write(pw *pageWriter) error {
	err := pr.writeBody(pw)
	canceled := context.Cause(pr.base)
	if canceled == nil {
		pw.notePageTime()
	}
	if err == nil && canceled != nil { // the page may consist of fallbacks
		err = &fetch.Error{Reference: pw.template.String(), Err: canceled}
	}
	if err == nil {
		err = pw.finish()
	} else if !pw.isCommitted {
		// The error of a required include explains more than the first error.
		err = cmp.Or(pw.awaitRequired(), err)
	}
	if err == nil {
		return nil
	}
	if to := (*redirect)(nil); errors.As(err, &to) {
		return pw.redirect(to)
	}
	if pw.isCommitted {
		return abortOn(err)
	}
	return err
}

// abortOn aborts the connection of a partly written page.
func abortOn(err error) error {
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// writeBody writes a template with its includes.
func (pr *pageRequest) writeBody(pw *pageWriter) error {
	template := pw.template
	switch {
	case template.IsTransformed():
		pw.execution = pr.execute(template, 1, false)
		return pr.writeExecution(pw, pw.execution)
	case template.Coming != nil:
		return pr.writeComing(pw, template)
	}
	return pw.text(template.Body, template)
}

// reweighGrown has the cache weigh a response again if some artifact of its document has
// not been weighed.
func (a *Assembler) reweighGrown(r *cache.Response) {
	if d := document.Of(r); d != nil && d.HasGrown() {
		a.fetcher.Reweigh(r)
	}
}

// resolvedIncludes returns the targets of the includes of a template with addresses
// without variables. Includes without a target are omitted.
func (a *Assembler) resolvedIncludes(template *cache.Response) map[*esi.Include]document.ResolvedURL {
	d, generation := document.Of(template), a.options.Registry.Generation()
	if known, ok := d.ResolvedIncludes(generation); ok {
		return known
	}
	static := make(map[*esi.Include]document.ResolvedURL)
	for include := range d.Program().Includes() {
		text, ok := include.Src.Static()
		if !ok {
			continue
		}
		at, err := a.resolver.Locate(template.Target, text, "")
		if err != nil {
			continue
		}
		if u, err := at.URL(); err == nil {
			static[include] = document.ResolvedURL{Target: at, Text: text, URL: u}
		}
	}
	d.StoreResolvedIncludes(generation, static)
	a.fetcher.Reweigh(template)
	return static
}
