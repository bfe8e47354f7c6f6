package page

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"selvedge/composer/esi"
	"selvedge/composer/htmltag"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/debugpanel"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// debugParameter in the query of a page asks for its debug panel.
const debugParameter = "selvedge=debug"

// debugKey is the key of the context of a request whose page has its debug panel.
type debugKey struct{}

// AcceptDebug returns a request for a page without debugParameter, so that the parameter is
// sent to no source, stands in no key of the cache, and in no variable. The page has its debug
// panel if Options.Debug allows it. Without Options.Debug, the request stays as it is.
func (a *Assembler) AcceptDebug(r *http.Request) *http.Request {
	if a.options.Debug == nil || !strings.Contains(r.URL.RawQuery, debugParameter) {
		return r
	}
	var rest []string
	isAsked := false
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if pair == debugParameter {
			isAsked = true
		} else {
			rest = append(rest, pair)
		}
	}
	if !isAsked {
		return r
	}
	r = r.Clone(r.Context())
	r.URL.RawQuery = strings.Join(rest, "&")
	r.RequestURI = r.URL.RequestURI()
	if (r.Method == http.MethodGet || r.Method == http.MethodHead) && a.options.Debug(r) {
		return r.WithContext(context.WithValue(r.Context(), debugKey{}, a)) // and not for a composer within a source
	}
	return r
}

// isDebugged reports whether the page of a request has its debug panel.
func (a *Assembler) isDebugged(r *http.Request) bool {
	return a.options.Debug != nil && r != nil && r.Context().Value(debugKey{}) == a
}

// pageTrace is the state of a page for its authors: with a debug panel, with messages in place
// of failed includes, or with inspected responses. The page reads each response as a whole.
type pageTrace struct {
	isPanel bool // the page has a debug panel, and is written when it is complete
	shows   bool // failed includes are shown

	mu       sync.Mutex
	warnings []string // of inspected responses

	// For the writer of the page alone.
	panel     debugpanel.Page
	marks     []debugpanel.Mark
	depth     int            // of open includes
	place     htmltag.Finder // of the end of the page so far
	hasStyles bool           // the stylesheet of messages was linked
}

// includeTrace is the state of an include for the authors of its page.
type includeTrace struct {
	target   registry.Target // zero if the address has none
	status   cache.Status
	err      error // nil for a success
	warnings []string
}

// newTrace returns the trace of a page, or nil for a page without one. The request is nil for
// a rendered view.
func (a *Assembler) newTrace(r *http.Request) *pageTrace {
	isPanel := a.isDebugged(r)
	if !isPanel && !a.options.ShowFailures && a.options.Inspect == nil {
		return nil
	}
	return &pageTrace{isPanel: isPanel, shows: a.options.ShowFailures, place: htmltag.Finder{Name: "body"}}
}

// hasPanel reports whether the page has a debug panel.
func (pr *pageRequest) hasPanel() bool { return pr.trace != nil && pr.trace.isPanel }

// tracedTemplate returns a template, in a traced page with its whole body, and inspects it.
func (pr *pageRequest) tracedTemplate(template *cache.Response) (*cache.Response, error) {
	if pr.trace == nil {
		return template, nil
	}
	template, err := template.Whole(pr.context())
	if err != nil {
		return nil, err
	}
	if template.Backend != nil && template.IsSuccess() {
		pr.trace.panel.Warnings = pr.inspect(template.String(), template)
	}
	return template, nil
}

// inspect returns the warnings of Options.Inspect about a response. They are logged once, and
// added to the warnings of the page.
func (pr *pageRequest) inspect(reference string, response *cache.Response) []string {
	if pr.options.Inspect == nil {
		return nil
	}
	warnings := pr.callInspect(reference, response)
	reference, _, _ = strings.Cut(reference, "?")
	pr.trace.mu.Lock()
	defer pr.trace.mu.Unlock()
	for _, text := range warnings {
		pr.assembler.fetcher.WarnOfResponse(pr.base, reference, text)
		pr.trace.warnings = append(pr.trace.warnings, reference+": "+text)
	}
	return warnings
}

// callInspect calls Options.Inspect. A panic becomes a warning, because the goroutine of an
// include would end the process with it.
func (pr *pageRequest) callInspect(reference string, response *cache.Response) (warnings []string) {
	defer func() {
		if p := recover(); p != nil {
			warnings = []string{fmt.Sprintf("the inspection panicked: %v", p)}
		}
	}()
	return pr.options.Inspect(reference, response.Header.Header(), response.Body)
}

// addInspections adds the warnings of the responses inspected so far to the header of a page.
func (pw *pageWriter) addInspections(h http.Header) {
	t := pw.pr.trace
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, text := range t.warnings[:min(len(t.warnings), maxShownWarnings)] {
		h[warningField] = append(slices.Clip(h[warningField]), fieldText(text))
	}
}

// maxWarningField limits a warning in the header of a page, in bytes.
const maxWarningField = 300

// fieldText returns a text as the value of a field: one line, without control characters.
func fieldText(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxWarningField)], "")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// beginInclude records an awaited include at the end of the page so far.
func (t *pageTrace) beginInclude(pw *pageWriter, f *includeFetch) (index int) {
	t.depth++
	t.panel.Includes = append(t.panel.Includes, pw.pr.describe(f, t.depth))
	index = len(t.panel.Includes) - 1
	t.marks = append(t.marks, debugpanel.Mark{Offset: pw.total, Include: index})
	return index
}

// endInclude records the end of the output of an include.
func (t *pageTrace) endInclude(pw *pageWriter, index int) {
	t.depth--
	t.marks = append(t.marks, debugpanel.Mark{Offset: pw.total, Include: index, IsEnd: true})
}

// addAttempt records the includes of a failed attempt, which the page does not show.
func (t *pageTrace) addAttempt(pw *pageWriter, attempt *execution) {
	for _, s := range attempt.knownStates() {
		if s.fetch != nil && isClosed(s.fetch.done) {
			include := pw.pr.describe(s.fetch, t.depth+1)
			include.Shown = "the attempt is not shown"
			t.panel.Includes = append(t.panel.Includes, include)
		}
	}
}

// describe returns an include whose fetch has ended, for the debug panel.
func (pr *pageRequest) describe(f *includeFetch, depth int) debugpanel.Include {
	t := f.trace
	d := debugpanel.Include{
		Depth: depth, Reference: pr.timingReference(f.address.Text), Place: f.place(),
		Took: pr.timings.took(f.timing), Cache: cacheText(t.status), Warnings: t.warnings,
	}
	if source := t.target.Backend; source != nil {
		d.Version, d.Source = source.Version(), sourceText(source)
	}
	switch response := f.state.response; {
	case response != nil:
		d.Size = len(response.Body)
		if response.Policy.Born != 0 {
			d.Age = pr.started.Sub(dateOf(response))
		}
	case f.include.Fallback != nil:
		d.Shown = "its content is shown"
	default:
		d.Shown = "nothing is shown"
	}
	if t.err != nil {
		d.Failure = t.failure()
		if f.isAlt {
			d.Shown = "alt is shown"
		}
	}
	return d
}

// failure returns the reason of a failed include, with the error if that says more.
func (t *includeTrace) failure() string {
	reason := failureReason(t.err)
	if strings.HasPrefix(reason, "status ") {
		return reason
	}
	return reason + ": " + t.err.Error()
}

// place returns the template of an include, with line and column.
func (f *includeFetch) place() string {
	template := f.execution.template
	if template.response == nil || len(template.response.Body) < f.include.Offset {
		return template.target.String()
	}
	line, column := esi.Position(template.response.Body, f.include.Offset)
	return fmt.Sprintf("%s:%d:%d", template.target, line, column)
}

// cacheText returns a cache status without the name of the cache.
func cacheText(s cache.Status) string {
	_, text, _ := strings.Cut(s.String(), "; ")
	if s.IsHit() && s.TTL < 0 {
		text += " (stale)"
	}
	return text
}

// sourceText names a source for people.
func sourceText(source *registry.Backend) string {
	switch {
	case source.IsMount():
		return "this site"
	case source.URL == nil:
		return "handler"
	}
	return source.URL.Host
}

// isHTML reports whether markup in ASCII may be added to the page.
func (pw *pageWriter) isHTML() bool {
	mediaType, _ := header.ParseContentType(header.ContentType(pw.header))
	return mediaType == "text/html" && document.HasASCII(pw.charset)
}

// writeFailure writes a message in place of a failed include, unless the message would be no
// text there.
func (pr *pageRequest) writeFailure(pw *pageWriter, f *includeFetch) error {
	t := pr.trace
	if !t.shows || pr.request == nil || f.trace.err == nil || f.isAlt || !pw.isHTML() || !t.place.InText() {
		return nil
	}
	message := fmt.Sprintf("The include of %s failed after %.0f ms: %s (%s).", f.address.Text,
		float64(pr.timings.took(f.timing).Microseconds())/1000, f.trace.failure(), f.place())
	if f.isShownFailure {
		message += " In production the page fails with it: the include has neither content nor onerror."
	}
	text := debugpanel.FailureComment(message)
	if !t.place.InHead() {
		text = debugpanel.Failure(message)
		if !t.hasStyles {
			t.hasStyles, text = true, debugpanel.FailureStyles+text
		}
	}
	pw.policy.AddText(text)
	return pw.string(text)
}

// addPanel replaces the held bytes of the page by the page with its debug panel.
func (pw *pageWriter) addPanel() {
	t := pw.pr.trace
	if !pw.isHTML() {
		return
	}
	body := make([]byte, 0, pw.size)
	for _, p := range pw.pieces {
		body = append(body, p.text...)
	}
	t.panel.Template, t.panel.Cache, t.panel.Took = pw.template.String(), cacheText(pw.cacheStatus), pw.pr.elapsed()
	body = debugpanel.Annotate(body, t.marks, t.panel.Includes, debugpanel.Panel(t.panel))
	clear(pw.pieces)
	pw.pieces, pw.size = append(pw.pieces[:0], piece{text: body}), len(body)
}

// forbidStoring removes the fields from the header of a page by which a cache could store or
// validate it.
func forbidStoring(h http.Header) {
	for name := range h {
		if header.IsTargeted(name) {
			delete(h, name)
		}
	}
	for _, name := range []string{"Age", "Etag", "Expires", "Last-Modified", header.SurrogateControl} {
		delete(h, name)
	}
	h["Cache-Control"] = noStore
}
