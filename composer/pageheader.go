package composer

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/header"
)

// How long a page is kept back, from its beginning, for what is likely to come
// soon: the rest of a template, with its marked includes; and the validators of
// its fragments, if the template has one itself.
const (
	templatePatience  = 5 * time.Millisecond
	validatorPatience = 50 * time.Millisecond
)

// open begins the page of a visit with its template, which was had like this.
func (v *visit) open(w http.ResponseWriter, template *response, u use) *output {
	out := &v.output
	out.v, out.w, out.template, out.status, out.use = v, w, template, template.status, u
	out.header = v.pageHeader(template)
	out.merged.Start(&template.gives, v.now, u.forward == "")
	out.links.Add(template.links()...)
	out.charset = cmp.Or(template.charset(), header.DefaultCharset)
	switch {
	case template.header.Get("Etag") != "" || template.header.Get("Last-Modified") != "":
		out.patience = v.now.Add(validatorPatience)
	case template.coming != nil:
		out.patience = time.Now().Add(templatePatience)
	case template.isSoonComplete():
		out.patience = v.now.Add(frame)
	}
	return out
}

// ofTheTemplate are the fields that a page has of its template alone; ofThePage
// are those that it never has of it, for it makes its own or they speak of
// bytes that are not the page's. A page of fragments has no others than the
// first, a page of an origin all but the second.
var (
	ofTheTemplate = []string{"Content-Type", "Content-Language", "Location", "Vary"}
	ofThePage     = []string{
		"Accept-Ranges", "Age", "Cache-Control", "Cache-Status", "Content-Digest", "Content-Encoding", "Content-Length",
		"Content-Md5", "Date", "Etag", "Expires", "Last-Modified", "Link", "Repr-Digest",
	}
)

// pageHeader returns what a page has of its template's header beside what it
// has of all its parts. It is made once for a template that is kept, and must
// not be changed.
func (c *Composer) pageHeader(r *response) http.Header {
	if r.derived != nil {
		if h := r.derived.more().header.Load(); h != nil {
			return *h
		}
	}
	h, document := make(http.Header), r.isDocument()
	ofOptIn := c.optInFields()
	for name, value := range r.header.All() {
		if document && !slices.Contains(ofThePage, name) && !header.EndsHere(name) && !slices.Contains(ofOptIn, name) ||
			slices.Contains(ofTheTemplate, name) {
			h[name] = slices.Clip(append(h[name], value))
		}
	}
	if document {
		header.AddOtherLinks(h, r.header.Values("Link"))
	}
	header.RemoveCodingVary(h)
	if r.derived != nil {
		if r.derived.program != nil {
			warn(h, r.derived.program.Warnings)
		}
		r.derived.more().header.Store(&h)
		c.weighAgain(r)
	}
	return h
}

// warn tells the author of a template, in the page's header, what is probably
// not what was meant.
func warn(h http.Header, warnings []esi.Warning) {
	for _, w := range warnings[:min(len(warnings), maxShownWarnings)] {
		h.Add(warningHeader, w.String())
	}
}

// makeHeader sets the header that the visitor gets, of a whole page or of one
// that goes on. What the site has set already stays.
func (o *output) makeHeader(whole bool) http.Header {
	h := o.w.Header()
	o.fillHeader(h, whole, &o.values)
	return h
}

func (o *output) fillHeader(h http.Header, whole bool, v *header.Builder) {
	header.Merge(h, o.header)
	o.depend()
	o.setLinks(h, whole)
	if len(o.cookies) > 0 {
		h["Set-Cookie"] = append(h["Set-Cookie"], o.cookies...)
	}
	o.pack(h, whole)
	o.tellSurrogate(h)
	o.setValues(h, whole, v)
	if len(h["Set-Cookie"]) == 0 {
		delete(h, "Set-Cookie")
	} else {
		// A shared cache must not give one browser's session to others.
		h["Cache-Control"] = noStore
	}
	if o.missing {
		h["Cache-Control"] = noStore
		if h.Get("Retry-After") == "" {
			h["Retry-After"] = []string{retryAfter} // RFC 9110 §15.6.4
		}
	}
}

// setValues sets the fields that are made for this page.
func (o *output) setValues(h http.Header, whole bool, v *header.Builder) {
	o.merged.AppendHeader(v, h, o.template.header)
	v.Text = o.use.appendPage(v.Text, o.template)
	v.EndField("Cache-Status", header.Replace)
	v.Text = o.v.timings.append(v.Text)
	v.EndField("Server-Timing", header.Append)
	if whole && o.packer == nil {
		v.Text = strconv.AppendInt(v.Text, int64(o.size), 10)
		v.EndField("Content-Length", header.IfAbsent)
	}
	v.SetFields(h)
}

// depend says on which fields of its request the page depends, because they
// came into it through variables.
func (o *output) depend() {
	e := o.v.variables.Load()
	if e == nil {
		return
	}
	used := e.used.Load()
	for i, name := range variableFieldNames {
		if used&(1<<i) != 0 {
			o.merged.DependOn(name)
		}
	}
}

// The values of fields that are the same on every page.
var (
	gzipCoding     = []string{"gzip"}
	acceptEncoding = []string{"Accept-Encoding"}
	noStore        = []string{"no-store"}
)

// pack has the page compressed if it gains from that and the visitor takes it
// like that. Only such a page varies on Accept-Encoding.
func (o *output) pack(h http.Header, whole bool) {
	if o.v.request == nil || !o.packable(h, whole) {
		return
	}
	if before := h["Vary"]; len(before) == 0 {
		h["Vary"] = acceptEncoding
	} else if !header.VariesOn(h, acceptEncoding[0]) {
		h["Vary"] = append(slices.Clip(before), acceptEncoding...)
	}
	if header.AcceptsGzip(o.v.request.Header) {
		o.packer = &o.stitcher
		o.merged.Weaken() // its bytes depend on who compresses it
		h["Content-Encoding"] = gzipCoding
	}
}

// packable reports whether the page is a text that may be compressed, as far as
// its parts are known (no-transform, RFC 9111 §5.2.2.6), and is large enough.
func (o *output) packable(h http.Header, whole bool) bool {
	return !o.v.options.NoGzip && (!whole || o.size >= minPacked) && o.merged.Any&cachepolicy.NoTransform == 0 &&
		len(h["Content-Encoding"]) == 0 && header.IsText(h.Get("Content-Type"))
}

// minPacked is the size of a page, in bytes, below which it fits into a packet
// as it is.
const minPacked = 1 << 10

// redirection is that the primary include leads elsewhere, and the page with
// it.
type redirection struct {
	status   int
	location string
}

func (r *redirection) Error() string { return "the page is elsewhere: " + r.location }

// redirect answers with a redirect in place of the page.
func (o *output) redirect(r *redirection) error {
	o.committed = true
	h := o.w.Header()
	h["Location"] = []string{r.location}
	h["Cache-Control"] = []string{"private, no-cache"}
	o.w.WriteHeader(r.status)
	return nil
}
