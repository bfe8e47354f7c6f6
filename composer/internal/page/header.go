package page

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// Limits for the wait of a page before its first flush:
//
//   - templateWait, from the header of the template, for the rest of the template with
//     its required includes,
//   - validatorWait, from the start of the page, for the validators of the fragments, if
//     the template has a validator.
const (
	templateWait  = 5 * time.Millisecond
	validatorWait = 50 * time.Millisecond
)

// The Selvedge-Warning field describes probable mistakes in a template, by line and
// column.
const (
	warningField     = "Selvedge-Warning"
	maxShownWarnings = 8
)

// RetryAfter is the value of Retry-After in a 503 of the composer, in seconds.
const RetryAfter = "5"

// open starts a page with its template.
func (pr *pageRequest) open(w http.ResponseWriter, template *cache.Response, status cache.Status) *pageWriter {
	pw, d := &pr.writer, document.Of(template)
	pw.pr, pw.client, pw.template, pw.status, pw.cacheStatus = pr, w, template, template.Status, status
	pw.header = pr.assembler.templateHeader(template)
	pw.policy.Start(&template.Policy, pr.started, status.IsHit())
	pw.links.Add(d.Links()...)
	pw.charset = cmp.Or(d.Charset(), header.DefaultCharset)
	pw.cookies = pr.assembler.ownSetCookies(template)
	switch {
	case template.Header.Get("Etag") != "" || template.Header.Get("Last-Modified") != "":
		pw.flushDeadline = pr.started.Add(validatorWait)
	case template.Coming != nil:
		pw.flushDeadline = time.Now().Add(templateWait)
	case d.IsSoonComplete():
		pw.flushDeadline = pr.started.Add(document.FrameTime)
	}
	return pw
}

var (
	// templateFields are copied from the template to every page.
	templateFields = []string{"Content-Type", "Content-Language", "Location", "Vary"}

	// pageFields are never copied, because they describe the bytes of the template, or
	// the page has fields of its own. A page of fragments copies only templateFields. A
	// page of an origin copies all fields except pageFields.
	pageFields = []string{
		"Accept-Ranges", "Age", "Cache-Control", "Cache-Status", "Content-Digest", "Content-Encoding", "Content-Length",
		"Content-Md5", "Date", "Etag", "Expires", "Last-Modified", "Link", "Repr-Digest",
	}
)

// templateHeader returns the fields of a page that depend on the template alone. The
// header is made once for a complete template, and must not be changed.
func (a *Assembler) templateHeader(template *cache.Response) http.Header {
	d, isComplete := document.Of(template), template.Coming == nil
	if isComplete {
		if h := d.PageHeader(); h != nil {
			return h
		}
	}
	h, isDocument := make(http.Header), template.IsDocument()
	optIn := a.fetcher.OptInAliases()
	for name, value := range template.Header.All() {
		if isDocument && !slices.Contains(pageFields, name) && !header.EndsHere(name) && !slices.Contains(optIn, name) ||
			slices.Contains(templateFields, name) {
			h[name] = slices.Clip(append(h[name], value))
		}
	}
	if isDocument {
		header.AddOtherLinks(h, template.Header.Values("Link"))
	}
	header.RemoveCodingVary(h)
	if isComplete {
		if p := d.Program(); p != nil {
			addWarnings(h, p.Warnings)
		}
		d.StorePageHeader(h)
		a.fetcher.Reweigh(template)
	}
	return h
}

// addWarnings shows the author of a template its probable mistakes.
func addWarnings(h http.Header, warnings []esi.Warning) {
	for _, w := range warnings[:min(len(warnings), maxShownWarnings)] {
		h.Add(warningField, w.String())
	}
}

// makeHeader sets the header of a page when the page is complete or flushed. Fields
// already set by the site remain.
func (pw *pageWriter) makeHeader(isWhole bool) http.Header {
	h := pw.client.Header()
	pw.fillHeader(h, isWhole, &pw.fields)
	return h
}

func (pw *pageWriter) fillHeader(h http.Header, isWhole bool, fields *header.Builder) {
	pw.mergeTemplateHeader(h)
	pw.addPolicyWarning(h, isWhole)
	pw.addInspections(h)
	pw.addVariableFields()
	pw.setLinks(h, isWhole)
	if len(pw.cookies) > 0 {
		h["Set-Cookie"] = append(h["Set-Cookie"], pw.cookies...)
	}
	pw.decideGzip(h, isWhole)
	pw.setSurrogateControl(h)
	pw.setPageFields(h, isWhole, fields)
	if len(h["Set-Cookie"]) == 0 {
		delete(h, "Set-Cookie")
	} else {
		// A shared cache must not give the session of a browser to other browsers.
		h["Cache-Control"] = noStore
	}
	if pw.isUnavailable {
		h["Cache-Control"] = noStore
		if h.Get("Retry-After") == "" {
			h["Retry-After"] = []string{RetryAfter} // RFC 9110 §15.6.4
		}
	}
	if pw.pr.hasPanel() {
		forbidStoring(h)
	}
}

// mergeTemplateHeader adds the fields of the template. A targeted field (RFC 9213) is for a
// page of the template alone: it describes no other part, and a shared cache would obey it in
// place of the page's Cache-Control, and store a page for one visitor.
func (pw *pageWriter) mergeTemplateHeader(h http.Header) {
	for name, values := range pw.header {
		if !pw.policy.Composed || !header.IsTargeted(name) {
			header.MergeField(h, name, values)
		}
	}
}

// setPageFields sets the fields that differ for each page.
func (pw *pageWriter) setPageFields(h http.Header, isWhole bool, fields *header.Builder) {
	pw.policy.AppendHeader(fields, h, pw.template.Header)
	fields.Text = pw.cacheStatus.AppendField(fields.Text, pw.template)
	fields.EndField("Cache-Status", header.Replace)
	fields.Text = pw.pr.timings.append(fields.Text)
	fields.EndField("Server-Timing", header.Append)
	if isWhole && pw.gzip == nil {
		fields.Text = strconv.AppendInt(fields.Text, int64(pw.size), 10)
		fields.EndField("Content-Length", header.IfAbsent)
	}
	fields.SetFields(h)
}

// addVariableFields adds to Vary the request fields shown by variables.
func (pw *pageWriter) addVariableFields() {
	v := pw.pr.variables.Load()
	if v == nil {
		return
	}
	used := v.used.Load()
	for i, name := range variableFieldNames {
		if used&(1<<i) != 0 {
			pw.policy.DependOn(name)
		}
	}
}

// Values of fields that are the same on every page.
var (
	gzipCoding     = []string{"gzip"}
	acceptEncoding = []string{"Accept-Encoding"}
	noStore        = []string{"no-store"}
)

// decideGzip decides whether the page is compressed. The page must gain from compression,
// and the client must accept it. Only a page that gains from compression varies on
// Accept-Encoding.
func (pw *pageWriter) decideGzip(h http.Header, isWhole bool) {
	if pw.pr.request == nil || !pw.isCompressible(h, isWhole) {
		return
	}
	if before := h["Vary"]; len(before) == 0 {
		h["Vary"] = acceptEncoding
	} else if !header.VariesOn(h, acceptEncoding[0]) {
		h["Vary"] = append(slices.Clip(before), acceptEncoding...)
	}
	if header.AcceptsGzip(pw.pr.request.Header) {
		pw.gzip = &pw.joiner
		pw.policy.Weaken() // because its bytes depend on the compressor
		h["Content-Encoding"] = gzipCoding
	}
}

// minCompressed is the minimum size of a compressed page, in bytes. A smaller page fits
// into a packet uncompressed.
const minCompressed = 1 << 10

// isCompressible reports whether the page is a text of sufficient length, and its known
// parts permit compression (no-transform, RFC 9111 §5.2.2.6).
func (pw *pageWriter) isCompressible(h http.Header, isWhole bool) bool {
	return !pw.pr.options.NoGzip && (!isWhole || pw.size >= minCompressed) && pw.policy.Any&cachepolicy.NoTransform == 0 &&
		len(h["Content-Encoding"]) == 0 && header.IsText(h.Get("Content-Type"))
}

// setSurrogateControl sends a surrogate the directives that hold for the page (Edge
// Architecture 1.0 §2.2).
func (pw *pageWriter) setSurrogateControl(h http.Header) {
	holds := header.HoldsForCompleted
	if pw.policy.Composed {
		holds = header.HoldsForPage
	}
	if rest := header.ForwardedSurrogateControl(pw.surrogateControl, holds); rest != "" {
		h[header.SurrogateControl] = []string{rest}
	}
}

// redirect is the error of a page with a primary include that redirects the page.
type redirect struct {
	status   int
	location string
}

// Error names the new address.
func (r *redirect) Error() string { return "the page is elsewhere: " + r.location }

// redirect writes a redirect instead of the page.
func (pw *pageWriter) redirect(to *redirect) error {
	pw.isCommitted = true
	h := pw.client.Header()
	h["Location"] = []string{to.location}
	h["Cache-Control"] = []string{"private, no-cache"}
	pw.client.WriteHeader(to.status)
	return nil
}

// frameResponsePolicy returns the policy of a response for a reserved reference.
func frameResponsePolicy(now time.Time) cachepolicy.Policy {
	return cachepolicy.New(registry.Target{}, nil, now, now, pagetoken.VariantBits)
}
