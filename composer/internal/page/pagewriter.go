package page

import (
	"errors"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
)

// maxHeldBack limits the bytes held back while the page has nothing to wait for.
const maxHeldBack = 256 << 10

// pageWriter writes a page to its client. It holds bytes back until the page has to wait,
// so that a ready page is written at once, with its length and its ETag.
type pageWriter struct {
	pr               *pageRequest
	client           http.ResponseWriter
	template         *cache.Response
	status           int
	cacheStatus      cache.Status // of the template
	header           http.Header  // the part of the template; read-only
	policy           cachepolicy.Combined
	surrogateControl []string   // of the template, if the client is a surrogate
	execution        *execution // of the template; nil without ESI

	pieces        []piece // held back
	size          int     // of pieces, in bytes
	total         int     // of the page so far, in bytes
	links         header.Links
	cookies       []string // Set-Cookie fields of fragments
	isPersonal    bool     // a variable was written
	isHinted      bool     // 103 has been sent, or there was no hint
	fields        header.Builder
	flushDeadline time.Time        // before it, the page waits instead of flushing
	timer         *time.Timer      // until flushDeadline; nil before first use
	yields        int              // so far, see maxYields
	isCommitted   bool             // the status has been sent
	isUnavailable bool             // a fallback replaces the failed primary and required include
	gzip          *encoding.Joiner // nil for an uncompressed page
	joiner        encoding.Joiner  // the target of gzip
	linked        linkedStylesheets
	charset       string // of the page, by its standard name

	linksStylesheets bool // StylesVariable was written

	isProlog bool   // the next text is the beginning of a fragment
	prolog   []byte // a beginning too short to decide
}

// piece is a part of a page with constant bytes.
type piece struct {
	text       []byte
	response   *cache.Response // the response with the text in its body; nil unless stored
	isConstant bool            // short, and the same in all pages of the template
}

// Text returns the bytes of the piece.
func (p piece) Text() []byte { return p.text }

// text adds bytes to the page. The caller must not change them afterwards. response is
// the complete response with the bytes in its body, or nil.
func (pw *pageWriter) text(p []byte, response *cache.Response) error {
	if pw.isProlog {
		p = pw.withoutProlog(p, response != nil)
	}
	if len(p) == 0 {
		return nil
	}
	if t := pw.pr.trace; t != nil {
		t.place.Find(p)
	}
	pw.pieces = append(pw.pieces, piece{text: p, response: response})
	pw.size += len(p)
	pw.total += len(p)
	switch {
	case pw.total > pw.pr.options.MaxPage:
		return &fetch.Error{Reference: pw.template.String(), Err: errPageTooLarge}
	case pw.size > maxHeldBack && response == nil && !pw.isHeldBack():
		return pw.flush()
	}
	return nil
}

func (pw *pageWriter) string(s string) error { return pw.text([]byte(s), nil) }

// constant adds a text that is the same in all pages of the template.
func (pw *pageWriter) constant(s string) error {
	before := len(pw.pieces)
	err := pw.string(s)
	if len(pw.pieces) > before {
		pw.pieces[before].isConstant = true
	}
	return err
}

// addResponse adds the response of an include to the header of the page. isHit marks a
// stored response.
func (pw *pageWriter) addResponse(response *cache.Response, isHit bool) {
	pw.links.Add(document.Of(response).Links()...)
	if pw.isCommitted {
		return
	}
	pw.policy.Add(&response.Policy, isHit)
	pw.cookies = append(pw.cookies, pw.pr.assembler.setCookies(response)...)
}

// wait waits until done is closed, which happens before the page ends. Before the wait,
// the held bytes are flushed, except if
//
//   - the page waits for its flush deadline,
//   - the page is held back to its end.
func (pw *pageWriter) wait(done <-chan struct{}) error {
	if isClosed(done) {
		return nil
	}
	pw.sendEarlyHints()
	if pw.isHeldBack() {
		<-done
		return nil
	}
	if (pw.size > 0 || !pw.isCommitted) && pw.waitBeforeFlush(done) {
		return nil
	}
	if !pw.isCommitted {
		// done may be closed after the wait for the required includes.
		if err := pw.awaitRequired(); err != nil || isClosed(done) {
			return err
		}
	}
	if err := pw.flush(); err != nil {
		return err
	}
	<-done
	return nil
}

// isHeldBack reports whether nothing is sent before the page is complete, because the client
// receives only its header, or because the page has a debug panel.
func (pw *pageWriter) isHeldBack() bool {
	return pw.pr.request != nil && pw.pr.request.Method == http.MethodHead || pw.pr.hasPanel()
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// maxYields is the number of calls of runtime.Gosched before a flush. During these calls,
// includes without I/O complete. On an idle machine the calls take no time. With a flush
// deadline there are fewer calls, because the deadline leaves time as well.
const (
	maxYields             = 32
	maxYieldsWithDeadline = 4
)

// waitBeforeFlush reports whether done was closed before the flush deadline.
func (pw *pageWriter) waitBeforeFlush(done <-chan struct{}) bool {
	most := maxYields
	if !pw.flushDeadline.IsZero() {
		most = maxYieldsWithDeadline
	}
	for ; pw.yields < most; pw.yields++ {
		if runtime.Gosched(); isClosed(done) {
			return true
		}
	}
	left := time.Until(pw.flushDeadline)
	switch {
	case left <= 0:
		return false
	case pw.timer == nil:
		pw.timer = time.NewTimer(left)
	default:
		pw.timer.Reset(left)
	}
	select {
	case <-done:
		return true
	case <-pw.timer.C:
		return false
	}
}

// flush sends the held bytes to the client. The next flush is at least a frame later.
func (pw *pageWriter) flush() error {
	if pw.size == 0 {
		return nil
	}
	if err := pw.send(); err != nil {
		return err
	}
	pw.flushDeadline = time.Now().Add(document.FrameTime)
	err := http.NewResponseController(pw.client).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return nil // the client receives the page at its end
	}
	return err
}

// send writes the held bytes, after the header of the page.
func (pw *pageWriter) send() error {
	if err := pw.commit(); err != nil {
		return err
	}
	err := pw.writePieces(pw.pieces)
	clear(pw.pieces)
	pw.pieces, pw.size = pw.pieces[:0], 0
	return err
}

// commit sends the header of an incomplete page.
func (pw *pageWriter) commit() error {
	if pw.isCommitted {
		return nil
	}
	if err := pw.awaitRequired(); err != nil {
		return err
	}
	pw.policy.AddUnknown()
	pw.isCommitted = true
	pw.makeHeader(false)
	pw.client.WriteHeader(pw.status)
	if pw.gzip == nil {
		return nil
	}
	_, err := pw.client.Write(pw.gzip.Begin(nil))
	return err
}

// awaitRequired waits for the includes that decide the header of the page.
func (pw *pageWriter) awaitRequired() error {
	if pw.execution == nil {
		return nil
	}
	primary, err := pw.execution.awaitRequired(pw.pr.started.Add(pw.pr.options.MaxWait))
	if err != nil || primary == nil {
		return err
	}
	response := primary.state.response
	if response == nil {
		pw.isUnavailable = primary.include.Required && !primary.isLate
		if pw.isUnavailable && pw.status == http.StatusOK {
			pw.status = http.StatusServiceUnavailable
		}
		return nil
	}
	if response.IsRedirect() {
		return &redirect{response.Status, response.Header.Get("Location")}
	}
	if pw.status == http.StatusOK {
		pw.status = response.Status
	}
	return nil
}

// finish sends the rest of the page. A page flushed before has its timings in a trailer,
// if the client takes trailers.
func (pw *pageWriter) finish() error {
	pw.learnLinks()
	if pw.isCommitted {
		pw.logPolicyWarning()
		if timing := pw.pr.timings.String(); timing != "" && pw.pr.request != nil && header.TakesTrailers(pw.pr.request) {
			pw.client.Header().Set(http.TrailerPrefix+"Server-Timing", timing)
		}
		if err := pw.send(); err != nil || pw.gzip == nil {
			return err
		}
		_, err := pw.client.Write(pw.gzip.End(nil))
		return err
	}
	if err := pw.awaitRequired(); err != nil {
		return err
	}
	pw.isCommitted = true
	if pw.pr.hasPanel() {
		pw.addPanel()
	}
	h := pw.makeHeader(true)
	pw.storeMicrocached()
	if pw.isNotModified(h) {
		WriteNotModified(pw.client)
		return nil
	}
	return pw.writeWhole(h)
}

// WriteNotModified writes a 304, without the fields that describe a body.
func WriteNotModified(w http.ResponseWriter) {
	for _, name := range header.BodyFields {
		delete(w.Header(), name)
	}
	w.WriteHeader(http.StatusNotModified)
}

// writeWhole writes an unsent page, with its length.
func (pw *pageWriter) writeWhole(h http.Header) error {
	if pw.gzip == nil {
		pw.client.WriteHeader(pw.status)
		return pw.writePieces(pw.pieces)
	}
	buffer := textPool.Get().(*[]byte)
	defer textPool.Put(buffer)
	*buffer = pw.pr.assembler.appendGzip((*buffer)[:0], pw.pieces)
	pw.fields.SetField(h, "Content-Length", strconv.Itoa(len(*buffer)))
	pw.client.WriteHeader(pw.status)
	_, err := pw.client.Write(*buffer)
	return err
}

// isNotModified reports whether the client already has the page.
func (pw *pageWriter) isNotModified(h http.Header) bool {
	r := pw.pr.request
	return r != nil && !pw.pr.hasPanel() && pw.status == http.StatusOK && header.NotModified(r.Header, h.Get("Etag"), pw.policy.LastModified())
}

// notePageTime records the duration of a page that had to wait, for the next pages of a
// stored template.
func (pw *pageWriter) notePageTime() {
	if pw.yields > 0 && pw.cacheStatus.IsHit() && document.Of(pw.template) != nil && pw.template.Coming == nil {
		document.Of(pw.template).AddPageTime(time.Since(pw.pr.started))
	}
}

// writePieces writes pieces in few writes, compressed for a compressed page. A single
// piece is not copied, nor is a piece of more than half a buffer.
func (pw *pageWriter) writePieces(pieces []piece) error {
	buffer := textPool.Get().(*[]byte)
	defer textPool.Put(buffer)
	b := (*buffer)[:0]
	if pw.gzip != nil {
		b = pw.pr.assembler.appendPieces(pw.gzip, b, pieces)
		pw.pr.assembler.reweighPieces(pieces)
		_, err := pw.client.Write(pw.gzip.Flush(b))
		return err
	}
	for _, p := range pieces {
		isDirect := len(p.text) > cap(b)/2 || len(pieces) == 1
		if len(b) > 0 && (isDirect || len(b)+len(p.text) > cap(b)) {
			if _, err := pw.client.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
		if isDirect {
			if _, err := pw.client.Write(p.text); err != nil {
				return err
			}
			continue
		}
		b = append(b, p.text...)
	}
	if len(b) == 0 {
		return nil
	}
	_, err := pw.client.Write(b)
	return err
}
