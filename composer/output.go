package composer

import (
	"errors"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// outputBuffer is how much of a page is kept back at most, in bytes, while
// nothing has to be waited for.
const outputBuffer = 256 << 10

// output is the way of a page to its browser. Bytes are kept back until the
// page has to wait for something, so that a page which is ready leaves in one
// piece, with its length and its ETag.
type output struct {
	v        *visit
	w        http.ResponseWriter
	template *response
	status   int
	use      use         // how the template was had
	header   http.Header // of the page, beside what merged makes and w has; not ours
	merged   cachepolicy.Combined
	control  []string // Surrogate-Control of the template, if the visitor is a surrogate
	run      *running // whose marked includes the head depends on; nil: on none

	pieces    []piece      // what is kept back
	links     header.Links // of the page so far
	cookies   []string     // that its fragments may set
	personal  bool         // a variable was shown
	hinted    bool         // 103 has been sent, or there was nothing to send
	values    header.Builder
	size      int              // of what is kept back, in bytes
	total     int              // of all that the page has so far
	patience  time.Time        // until then, the page waits before a piece of it leaves
	timer     *time.Timer      // ends with the patience; nil: nobody has waited yet
	turns     int              // that others had before
	committed bool             // the status has left
	missing   bool             // the page's main part is: its primary and required include has failed
	packer    *encoding.Joiner // nil: the page is not compressed
	stitcher  encoding.Joiner  // which that is, otherwise
	sheet     sheet
	head      bool   // the page's head has its styles
	charset   string // of the page, by its standard name
	trim      bool   // what follows is the beginning of a fragment
	held      []byte // such a beginning, of which it is not certain yet what stays
}

// piece is a part of a page: bytes that do not change any more, and the answer
// with which they are kept, if they are.
type piece struct {
	text  []byte
	kept  *response
	fixed bool // it is short, and the same in each such page
}

// Text returns the bytes of the piece.
func (p piece) Text() []byte { return p.text }

// text adds bytes, which must not change afterwards. They are kept with an
// answer that is whole, if any is given.
func (o *output) text(p []byte, kept *response) error {
	if o.trim {
		p = o.trimmed(p, kept != nil)
	}
	if len(p) == 0 {
		return nil
	}
	o.pieces = append(o.pieces, piece{text: p, kept: kept})
	o.size += len(p)
	o.total += len(p)
	switch {
	case o.total > o.v.options.MaxPage:
		return &FetchError{Reference: o.template.String(), Err: errPageTooLarge}
	case o.size > outputBuffer && kept == nil && !o.isUnseen():
		return o.flush()
	}
	return nil
}

func (o *output) string(s string) error { return o.text([]byte(s), nil) }

// fixed adds a text that is the same in all pages of a template.
func (o *output) fixed(s string) error {
	before := len(o.pieces)
	err := o.string(s)
	if len(o.pieces) > before {
		o.pieces[before].fixed = true
	}
	return err
}

// contribute adds what a fragment gives to the page's header. Reused says that
// it came out of the cache.
func (o *output) contribute(answer *response, reused bool) {
	o.links.Add(answer.links()...)
	if o.committed {
		return
	}
	o.merged.Add(&answer.gives, reused)
	allowed := o.v.options.SetCookies
	if answer.Backend != nil && answer.Backend.Guarded {
		allowed = o.v.guardedSetCookies
	}
	if len(allowed) > 0 {
		o.cookies = append(o.cookies, header.AllowedSetCookies(answer.header.Header(), allowed)...)
	}
}

// wait waits until done is closed, which it is at the latest when the page
// ends. What there is leaves before, unless it is worth a moment of patience, or
// nobody sees it.
func (o *output) wait(done <-chan struct{}) error {
	if isDone(done) {
		return nil
	}
	o.hint()
	if o.isUnseen() {
		<-done
		return nil
	}
	if (o.size > 0 || !o.committed) && o.waitPatiently(done) {
		return nil
	}
	if !o.committed {
		// What the head depends on has to be waited for. That may be all there is.
		if err := o.pass(); err != nil || isDone(done) {
			return err
		}
	}
	if err := o.flush(); err != nil {
		return err
	}
	<-done
	return nil
}

// isUnseen reports whether nobody sees more of the page than its header.
func (o *output) isUnseen() bool {
	return o.v.request != nil && o.v.request.Method == http.MethodHead
}

func isDone(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// How often a page lets all go first that is ready to run, before it leaves in
// pieces, or waits with patience. Fragments that answer at once are there by
// then. On a busy machine that is a while, in which others get on; on an idle one
// it is none.
const (
	turns        = 32
	patientTurns = 4
)

// waitPatiently reports whether done was closed while the output has patience.
func (o *output) waitPatiently(done <-chan struct{}) bool {
	most := turns
	if !o.patience.IsZero() {
		most = patientTurns
	}
	for ; o.turns < most; o.turns++ {
		if runtime.Gosched(); isDone(done) {
			return true
		}
	}
	left := time.Until(o.patience)
	switch {
	case left <= 0:
		return false
	case o.timer == nil:
		o.timer = time.NewTimer(left)
	default:
		o.timer.Reset(left)
	}
	select {
	case <-done:
		return true
	case <-o.timer.C:
		return false
	}
}

// flush sends what there is to the browser. The next piece leaves when that has
// been shown for as long as a picture is.
func (o *output) flush() error {
	if o.size == 0 {
		return nil
	}
	if err := o.send(); err != nil {
		return err
	}
	o.patience = time.Now().Add(frame)
	err := http.NewResponseController(o.w).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return nil // the page is late then, and complete
	}
	return err
}

// send writes what is kept back. The head leaves before, if it has not.
func (o *output) send() error {
	if err := o.commit(); err != nil {
		return err
	}
	err := o.write(o.pieces)
	clear(o.pieces)
	o.pieces, o.size = o.pieces[:0], 0
	return err
}

// commit sends the head of a page that is not complete yet.
func (o *output) commit() error {
	if o.committed {
		return nil
	}
	if err := o.pass(); err != nil {
		return err
	}
	o.merged.AddUnknown()
	o.committed = true
	o.makeHeader(false)
	o.w.WriteHeader(o.status)
	if o.packer == nil {
		return nil
	}
	_, err := o.w.Write(o.packer.Begin(nil))
	return err
}

// pass waits for what the page's head depends on.
func (o *output) pass() error {
	if o.run == nil {
		return nil
	}
	primary, err := o.run.passed(o.v.now.Add(o.v.options.MaxWait))
	if err != nil || primary == nil {
		return err
	}
	answer := primary.part.answer
	if answer == nil {
		o.missing = primary.include.Required && !primary.late
		if o.missing && o.status == http.StatusOK {
			o.status = http.StatusServiceUnavailable
		}
		return nil
	}
	if answer.isRedirect() {
		return &redirection{answer.status, answer.header.Get("Location")}
	}
	if o.status == http.StatusOK {
		o.status = answer.status
	}
	return nil
}

// finish sends the rest. A page that left in pieces brings its final timings
// in a trailer, if its visitor takes trailers.
func (o *output) finish() error {
	o.learn()
	if o.committed {
		if timing := o.v.timings.String(); timing != "" && o.v.request != nil && takesTrailers(o.v.request) {
			o.w.Header().Set(http.TrailerPrefix+"Server-Timing", timing)
		}
		if err := o.send(); err != nil || o.packer == nil {
			return err
		}
		_, err := o.w.Write(o.packer.End(nil))
		return err
	}
	if err := o.pass(); err != nil {
		return err
	}
	o.committed = true
	h := o.makeHeader(true)
	o.remember()
	if o.notModified(h) {
		tellUnchanged(o.w)
		return nil
	}
	return o.writeWhole(h)
}

// tellUnchanged answers 304, without what is said of a body.
func tellUnchanged(w http.ResponseWriter) {
	for _, name := range header.BodyFields {
		delete(w.Header(), name)
	}
	w.WriteHeader(http.StatusNotModified)
}

// writeWhole writes a page of which nothing has left, with its length.
func (o *output) writeWhole(h http.Header) error {
	if o.packer == nil {
		o.w.WriteHeader(o.status)
		return o.write(o.pieces)
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	*buffer = o.v.appendPacked((*buffer)[:0], o.pieces)
	o.values.SetField(h, "Content-Length", strconv.Itoa(len(*buffer)))
	o.w.WriteHeader(o.status)
	_, err := o.w.Write(*buffer)
	return err
}

// notModified reports whether the visitor has the page already.
func (o *output) notModified(h http.Header) bool {
	r := o.v.request
	return r != nil && o.status == http.StatusOK && header.NotModified(r.Header, h.Get("Etag"), o.merged.LastModified())
}
