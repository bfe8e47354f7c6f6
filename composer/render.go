package composer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
)

// Rendered is a view as it is.
type Rendered struct {
	Body        []byte // in UTF-8
	ContentType string
	ETag        string    // stands for the fragment's own, or for its bytes if it has none
	Groups      []string  // the data that it was made from, and SourceGroup
	Revision    int64     // Selvedge-Revision, or else data-revision of its root element; 0: none
	Epoch       string    // Selvedge-Epoch, or else data-epoch: revisions of another epoch say nothing about Revision
	Date        time.Time // when the fragment was generated, at the earliest

	Views  []Shown  // that Body shows within its root element
	Styles []string // the paths of the stylesheets that Body needs
}

// tag stands for the ETag of an answer, or for its bytes if it has none.
func tag(answer *response) string {
	etag := answer.header.Get("Etag")
	sum := sha256.Sum256([]byte(etag))
	if etag == "" {
		sum = sha256.Sum256(answer.body)
	}
	return base64.RawURLEncoding.EncodeToString(sum[:tagBytes])
}

// tagBytes is how much of a hash a page's token spends on an ETag. A view
// whose ETags collide, once in 2^48, would show its old state until its data
// changes again.
const tagBytes = 6

// errOutdated says that only an answer from before a given time is to be had.
var errOutdated = errors.New("only an answer from before is to be had")

// Render renders a view as it was at since or later. Stored answers that are
// older are not used; with the zero time, all are that the cache would give.
// The error is a *RefusedError if the fragment does not exist any more, and
// otherwise one that may pass.
func (c *Composer) Render(ctx context.Context, view View, since time.Time) (Rendered, error) {
	ref, err := ParseReference(view.Reference)
	if err != nil {
		return Rendered{}, err
	}
	v := c.visitView(ctx, viewHeader(view, since))
	v.setSince(since)
	defer v.end()
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return Rendered{}, err
	}
	answer, u, err := c.obtain(v.query(at, c.options.PageTimeout))
	if err != nil {
		return Rendered{}, err
	}
	v.checkDate(answer, u)
	if !answer.ok() {
		return Rendered{}, refusalOrError(view.Reference, answer)
	}
	if answer, err = answer.in(ctx, header.DefaultCharset); err != nil {
		return Rendered{}, &FetchError{Reference: view.Reference, Err: err}
	}
	body, links, err := v.rendered(answer)
	if err == nil && v.outdated.Load() {
		err = &FetchError{Reference: view.Reference, Err: errOutdated}
	}
	if err != nil {
		return Rendered{}, err
	}
	found, _ := pagetoken.ParseRoot(body)
	return Rendered{
		Body:        body,
		ContentType: answer.header.Get("Content-Type"),
		ETag:        tag(answer),
		Groups:      append(header.CacheGroups(answer.header.Header()), SourceGroup(ref.Name)),
		Revision:    answer.revision(found),
		Epoch:       answer.epoch(found),
		Date:        latest(answer.date(), v.since()),
		Views:       v.shownViews(),
		Styles:      links.Styles(),
	}, nil
}

// viewHeader returns what a fragment receives when it is asked for a view: it is
// asked for HTML, unless the variant says otherwise. With a time, caches on the
// way have to validate what they have stored.
func viewHeader(view View, since time.Time) http.Header {
	h := make(http.Header)
	for line := range strings.Lines(view.Variant) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		h.Add(name, value)
	}
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

// setSince has the visit use no stored answer that is older.
func (v *visit) setSince(since time.Time) {
	if !since.IsZero() {
		v.limited, v.age = true, uint32(min(max(v.now.Sub(since).Milliseconds(), 0), math.MaxUint32))
	}
}

// since is the time that setSince set, or up to a millisecond later, or zero.
func (v *visit) since() time.Time {
	if !v.limited {
		return time.Time{}
	}
	return v.now.Add(-time.Duration(v.age) * time.Millisecond)
}

// demand is what the visit's queries say to the cache.
func (v *visit) demand() demand {
	if !v.limited {
		return demand{}
	}
	return demand{limited: true, maxAge: time.Since(v.since())}
}

// checkDate notes if an answer is a stored one from before the time that the
// visit asks for: a cache gives that when the fragment fails.
func (v *visit) checkDate(answer *response, u use) {
	if v.limited && u.forward == "" && answer.date().Before(v.since()) {
		v.outdated.Store(true)
	}
}

// date is when the answer was generated, at the earliest.
func (r *response) date() time.Time { return time.Unix(0, r.gives.Born) }

// revision returns the revision of an answer, 0 if it has none.
func (r *response) revision(found pagetoken.RootElement) int64 {
	if n, err := strconv.ParseInt(r.header.Get(header.SelvedgeRevision), 10, 64); err == nil {
		return n
	}
	return found.Revision
}

// maxEpoch is the most bytes of an epoch that page tokens carry as it is.
const maxEpoch = 64

// epoch returns what the revision of an answer can be compared with, or the
// hash of it where it is longer than maxEpoch.
func (r *response) epoch(found pagetoken.RootElement) string {
	epoch := cmp.Or(r.header.Get(header.SelvedgeEpoch), found.Epoch)
	if len(epoch) > maxEpoch {
		sum := sha256.Sum256([]byte(epoch))
		return base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return epoch
}

// rendered returns an answer with all its includes, and what is to be loaded
// with that.
func (v *visit) rendered(answer *response) ([]byte, header.Links, error) {
	var needs header.Links
	needs.Add(answer.links()...)
	if !answer.isESI() {
		return answer.body, needs, nil
	}
	whole := &keeper{header: make(http.Header), limit: v.options.MaxFragment}
	out := v.open(whole, answer, use{})
	if err := v.write(out, v.run(answer, 1, true)); err != nil {
		return nil, nil, err
	}
	needs.Add(out.links...)
	if err := out.finish(); err != nil {
		return nil, nil, err
	}
	return whole.body.Bytes(), needs, nil
}

// shownViews returns the views that the visit's answer shows.
func (v *visit) shownViews() []Shown {
	var views []Shown
	for _, s := range v.shown() {
		views = append(views, Shown{
			View: View{Reference: s.Reference, Variant: pagetoken.Variant(v.fields(), s.Variance)},
			ETag: s.ETag, Revision: s.Revision, Epoch: s.Epoch,
			Date: time.Unix(0, s.Latest(time.Now(), v.options.PageTimeout)),
		})
	}
	return views
}
