package page

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// Rendered is a rendered view. Package composer documents its fields.
type Rendered struct {
	Body        []byte    // in UTF-8
	ContentType string    // of the fragment's response
	ETag        string    // a hash of the fragment's ETag, or of its body without an ETag
	Groups      []string  // the groups of its data, and SourceGroup
	Revision    int64     // Selvedge-Revision, or else data-revision of its root element; 0 if absent
	Epoch       string    // Selvedge-Epoch, or else data-epoch: revisions of different epochs cannot be compared
	Date        time.Time // the earliest time at which the fragment was generated

	Views  []pagetoken.Shown // within the root element of Body
	Styles []string          // the paths of the stylesheets needed by Body

	Variant string // the lines of the view's variant that Body depends on, without Accept
}

// RenderView renders the view of a target as of the time since or later. Older stored
// responses are not used. With a zero since, all responses of the cache are used. The
// error is a *RefusedError if the fragment no longer exists, and otherwise an error that
// may be temporary. client is the address of the visitor, zero for a view of all visitors.
func (a *Assembler) RenderView(ctx context.Context, view pagetoken.View, at registry.Target, client netip.Addr, since time.Time) (Rendered, error) {
	pr := a.newViewRequest(ctx, viewHeader(view, since), client)
	pr.setSince(since)
	defer pr.end()
	response, status, err := a.fetcher.Get(pr.newFetch(at, a.options.PageTimeout))
	if err != nil {
		return Rendered{}, err
	}
	pr.noteOutdated(response, status)
	if !response.IsSuccess() {
		return Rendered{}, refusedOrFailed(view.Reference, response)
	}
	if response, err = document.InCharset(ctx, response, header.DefaultCharset); err != nil {
		return Rendered{}, &fetch.Error{Reference: view.Reference, Err: err}
	}
	body, links, err := pr.renderWhole(response)
	if err == nil && pr.isOutdated.Load() {
		err = &fetch.Error{Reference: view.Reference, Err: errOutdated}
	}
	if err != nil {
		return Rendered{}, err
	}
	root, _ := pagetoken.ParseRoot(body)
	return Rendered{
		Body:        body,
		ContentType: response.Header.Get("Content-Type"),
		ETag:        shortETag(response),
		Groups:      append(header.CacheGroups(response.Header.Header()), SourceGroup(at.Backend.Name)),
		Revision:    revisionOf(response, root),
		Epoch:       epochOf(response, root),
		Date:        latest(dateOf(response), pr.since()),
		Views:       pr.shownViews(),
		Styles:      links.Styles(),
		Variant:     pr.variantOf(response),
	}, nil
}

// variantOf returns the lines of the view's variant that the rendering of a response
// depends on. A response with includes counts as depending on all fields of its source, and
// a response that varies on anything (RFC 9110 §12.5.5) as depending on the whole variant.
func (pr *pageRequest) variantOf(response *cache.Response) string {
	vary := header.VaryNames(response.Header.Header())
	more := response.Backend.AllowedHeaders(pr.options.Headers)
	if slices.Contains(vary, "*") {
		return pagetoken.VariantWith(pr.Header(), pagetoken.AllVariantBits, more)
	}
	bits := response.Policy.Views | pr.variance
	if response.Policy.Flags&cachepolicy.Private != 0 { // by a Set-Cookie too
		bits |= pagetoken.VariantBits(nil, true)
	}
	if !response.IsTransformed() {
		isIgnored := func(name string) bool { return !slices.Contains(vary, name) }
		more = slices.DeleteFunc(slices.Clone(more), isIgnored)
	}
	return pagetoken.VariantWith(pr.Header(), bits, more)
}

// SourceGroup returns the group of all views of a fragment.
func SourceGroup(name string) string { return "selvedge:source:" + name }

// viewHeader returns the header sent to a fragment for a view. Accept is text/html unless
// the variant has an Accept of its own. With a since, caches on the way have to validate
// their stored responses.
func viewHeader(view pagetoken.View, since time.Time) http.Header {
	h := pagetoken.VariantHeader(view.Variant)
	if h.Get("Accept") == "" {
		h.Set("Accept", "text/html")
	}
	h.Set(header.SurrogateCapability, header.Capability)
	if !since.IsZero() {
		h.Set("Cache-Control", "no-cache")
	}
	return h
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// setSince excludes stored responses from before a time.
func (pr *pageRequest) setSince(since time.Time) {
	if !since.IsZero() {
		pr.isLimited, pr.maxAge = true, uint32(min(max(pr.started.Sub(since).Milliseconds(), 0), math.MaxUint32))
	}
}

// since returns the time set by setSince, or up to a millisecond later, or zero.
func (pr *pageRequest) since() time.Time {
	if !pr.isLimited {
		return time.Time{}
	}
	return pr.started.Add(-time.Duration(pr.maxAge) * time.Millisecond)
}

// directives returns the cache directives of the page's fetches.
func (pr *pageRequest) directives() cache.RequestDirectives {
	if !pr.isLimited {
		return cache.RequestDirectives{}
	}
	return cache.RequestDirectives{HasMaxAge: true, MaxAge: time.Since(pr.since())}
}

// noteOutdated records the use of a stored response from before the time set by setSince.
// A cache uses such a response when the source fails.
func (pr *pageRequest) noteOutdated(response *cache.Response, status cache.Status) {
	if pr.isLimited && status.IsHit() && dateOf(response).Before(pr.since()) {
		pr.isOutdated.Store(true)
	}
}

// renderWhole returns a response with all its includes, and the links of the resources to
// load with the response.
func (pr *pageRequest) renderWhole(response *cache.Response) ([]byte, header.Links, error) {
	var links header.Links
	links.Add(document.Of(response).Links()...)
	if !response.IsTransformed() {
		return response.Body, links, nil
	}
	whole := &BufferedResponse{HeaderMap: make(http.Header), Limit: pr.options.MaxFragment}
	pw := pr.open(whole, response, cache.Status{})
	if err := pr.writeExecution(pw, pr.execute(response, 1, true)); err != nil {
		return nil, nil, err
	}
	links.Add(pw.links...)
	if err := pw.finish(); err != nil {
		return nil, nil, err
	}
	return whole.Body.Bytes(), links, nil
}

// shownViews returns the views within the rendered view.
func (pr *pageRequest) shownViews() []pagetoken.Shown {
	var views []pagetoken.Shown
	for _, s := range pr.pageViews() {
		h := pr.options.VariantHeader(pr.Header(), s.Reference, s.Within)
		views = append(views, pagetoken.Shown{
			View: pagetoken.View{Reference: s.Reference, Variant: pagetoken.Variant(h, s.Variance, s.Within)},
			ETag: s.ETag, Revision: s.Revision, Epoch: s.Epoch,
			Date: time.Unix(0, s.Latest(time.Now(), pr.options.PageTimeout)),
		})
	}
	return views
}

// shortETagSize is the size of the hash of an ETag in a page token, in bytes. ETags
// collide once in 2^48, and a view with such a collision would show its old state until
// its next change.
const shortETagSize = 6

// shortETag returns a hash of the ETag of a complete response, or of its body without an
// ETag.
func shortETag(response *cache.Response) string {
	etag := response.Header.Get("Etag")
	sum := sha256.Sum256([]byte(etag))
	if etag == "" {
		sum = sha256.Sum256(response.Body)
	}
	return base64.RawURLEncoding.EncodeToString(sum[:shortETagSize])
}

// dateOf returns the earliest time at which a response was generated.
func dateOf(response *cache.Response) time.Time { return time.Unix(0, response.Policy.Born) }

// revisionOf returns the revision of a response, or 0.
func revisionOf(response *cache.Response, root pagetoken.RootElement) int64 {
	if n, err := strconv.ParseInt(response.Header.Get(header.SelvedgeRevision), 10, 64); err == nil {
		return n
	}
	return root.Revision
}

// maxEpoch is the maximum size of an epoch in a page token, in bytes.
const maxEpoch = 64

// epochOf returns the epoch of a response's revision, or the hash of an epoch longer than
// maxEpoch.
func epochOf(response *cache.Response, root pagetoken.RootElement) string {
	epoch := cmp.Or(response.Header.Get(header.SelvedgeEpoch), root.Epoch)
	if len(epoch) > maxEpoch {
		sum := sha256.Sum256([]byte(epoch))
		return base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return epoch
}
