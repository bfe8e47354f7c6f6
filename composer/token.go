package composer

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/http"
	"time"

	"selvedge/composer/internal/header"
)

// Why a page token is not accepted.
var (
	ErrToken   = errors.New("the page token is forged or malformed")
	ErrExpired = errors.New("the page token is too old")
	ErrSession = errors.New("the page token belongs to another session")
)

// Token is what a page token says: the views that a page shows, as they were
// when it was composed. Whoever holds it can learn of their changes, so it is
// signed, expires, and is bound to the session that the page was made for.
type Token struct {
	Session string // of the request that presented it
	Epoch   string // Options.Epoch of the composer that wrote it
	Views   []Shown
	RenewAt time.Time // when a third of Options.TokenAge has passed: an open page is to get another one then
}

// pageVariable stands, at the end of a page, for its token.
const pageVariable = "SELVEDGE_PAGE"

// Bounds of a token, which is part of a URL.
const (
	tokenVersion   = 2
	maxTokenViews  = 128
	maxTokenLength = 6 << 10 // of its text, in bytes
	macBytes       = 16
	sessionBytes   = 8
)

// shown is a view that is part of a page, before it is known who sees it.
type shown struct {
	reference string
	variance  byte
	etag      string
	revision  int64
	epoch     string
	born      int64 // of the answer, in Unix nanoseconds; 0: there is none yet
}

// latest is when the answer was generated at the latest, in Unix nanoseconds:
// each is there within the time for a page.
func (s *shown) latest(now time.Time, timeout time.Duration) int64 {
	if s.born == 0 {
		return now.UnixNano()
	}
	return min(now.UnixNano(), s.born+int64(timeout))
}

// seen is something that a page shows and that may be a view: an answer, or
// what is owed instead of one.
type seen struct {
	reference string
	answer    *response
	owed      *shown
	variance  byte // of the answer, and of all that stands within it
}

// shown returns the views of a page so far.
func (v *visit) shown() []shown {
	var views []shown
	for _, s := range v.views {
		if s.owed == nil {
			s.owed = shownBy(s.reference, s.answer, s.variance)
		}
		if s.owed != nil {
			views = append(views, *s.owed)
		}
	}
	return views
}

// shownBy returns the view that an answer is: one that says which data it was
// made from, and whose first element has an id. Otherwise it is nil.
func shownBy(reference string, answer *response, variance byte) *shown {
	if answer.coming != nil {
		all, err := answer.whole(context.Background()) // it has been written
		if err != nil {
			return nil
		}
		answer = all
	}
	found, ok := rootOf(answer.body)
	if !ok {
		return nil
	}
	return &shown{reference, variance, tag(answer), answer.revision(found), answer.epoch(found), answer.gives.Born}
}

// owed returns the view that a page will be sent when it is ready: an include
// that did not answer, or not well, and whose content has a first element with
// an id. Otherwise it is nil.
func owed(p *pending, err error) *shown {
	var failed *FetchError
	if !errors.As(err, &failed) || p.refusal != nil || len(p.include.Fallback.Segments) == 0 {
		return nil
	}
	if _, ok := rootOf(p.include.Fallback.Segments[0].Text); !ok {
		return nil
	}
	return &shown{reference: p.address.text, variance: allVariants}
}

// newToken returns the token of a page. References share long beginnings, so
// each is written as what it adds to the one before. Revisions mostly share
// their epoch, which is written where it differs from the one before. Times are
// in milliseconds, those of views as their age.
func (c *Composer) newToken(session string, views []shown) string {
	now := time.Now()
	b := []byte{tokenVersion}
	b = binary.AppendVarint(b, now.UnixMilli()+1) // not before any view
	b = append(b, sessionHash(session)...)
	b = appendText(b, c.options.Epoch)
	b = binary.AppendUvarint(b, uint64(min(len(views), maxTokenViews)))
	before, epoch := "", ""
	for _, view := range views[:min(len(views), maxTokenViews)] {
		shared := commonPrefix(before, view.reference)
		b = binary.AppendUvarint(b, uint64(shared))
		b = appendText(b, view.reference[shared:])
		b = append(b, view.variance)
		b = appendText(b, view.etag)
		b = binary.AppendVarint(b, view.revision)
		b = binary.AppendVarint(b, (now.UnixNano()-view.latest(now, c.options.PageTimeout))/int64(time.Millisecond))
		before = view.reference
		if view.revision != 0 {
			b = appendChange(b, epoch, view.epoch)
			epoch = view.epoch
		}
	}
	return base64.RawURLEncoding.EncodeToString(append(b, c.sign(b)...))
}

func (c *Composer) sign(b []byte) []byte {
	mac := hmac.New(sha256.New, c.options.TokenKey)
	mac.Write(b)
	return mac.Sum(nil)[:macBytes]
}

func sessionHash(session string) []byte {
	sum := sha256.Sum256([]byte(session))
	return sum[:sessionBytes]
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendChange appends 0 where a text is the one before, and otherwise 1 and the
// text.
func appendChange(b []byte, before, s string) []byte {
	if s == before {
		return append(b, 0)
	}
	return appendText(append(b, 1), s)
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// ReadToken reads a page token for the request that presents it. The error is
// ErrToken, ErrExpired or ErrSession.
func (c *Composer) ReadToken(r *http.Request, token string) (Token, error) {
	if len(token) > maxTokenLength {
		return Token{}, ErrToken
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < macBytes {
		return Token{}, ErrToken
	}
	b, mac := b[:len(b)-macBytes], b[len(b)-macBytes:]
	if !hmac.Equal(mac, c.sign(b)) {
		return Token{}, ErrToken
	}
	in := &tokenReader{rest: b}
	if in.byte() != tokenVersion {
		return Token{}, ErrToken
	}
	made := time.UnixMilli(in.signed())
	session := c.SessionID(r)
	owner := in.take(sessionBytes)
	t := Token{Session: session, Epoch: in.text(), RenewAt: c.renewAt(made)}
	t.Views = in.views(made, c.pass(r, header.IncludeFields))
	switch {
	case in.bad || len(in.rest) > 0:
		return Token{}, ErrToken
	case !hmac.Equal(owner, sessionHash(session)):
		return Token{}, ErrSession
	case time.Since(made) > c.options.TokenAge:
		return Token{}, ErrExpired
	}
	return t, nil
}

// tokenReader reads the parts of a token. When there are no more, it is bad
// and every part is empty.
type tokenReader struct {
	rest []byte
	bad  bool
}

func (in *tokenReader) take(n int) []byte {
	if n < 0 || n > len(in.rest) {
		in.bad, in.rest = true, nil
		return make([]byte, min(max(n, 0), 8))
	}
	part := in.rest[:n]
	in.rest = in.rest[n:]
	return part
}

func (in *tokenReader) byte() byte { return in.take(1)[0] }

func (in *tokenReader) number() int {
	n, size := binary.Uvarint(in.rest)
	if size <= 0 || n > maxTokenLength {
		in.bad, in.rest = true, nil
		return 0
	}
	in.rest = in.rest[size:]
	return int(n)
}

func (in *tokenReader) signed() int64 {
	n, size := binary.Varint(in.rest)
	if size <= 0 {
		in.bad, in.rest = true, nil
		return 0
	}
	in.rest = in.rest[size:]
	return n
}

func (in *tokenReader) text() string { return string(in.take(in.number())) }

// change reads what appendChange wrote.
func (in *tokenReader) change(before string) string {
	if in.byte() == 0 {
		return before
	}
	return in.text()
}

func (in *tokenReader) views(made time.Time, h http.Header) []Shown {
	var views []Shown
	before, epoch := "", ""
	for n := min(in.number(), maxTokenViews); n > 0 && !in.bad; n-- {
		shared := in.number()
		if shared > len(before) {
			in.bad = true
			break
		}
		view := Shown{View: View{Reference: before[:shared] + in.text()}}
		view.Variant = variant(h, in.byte())
		view.ETag, view.Revision = in.text(), in.signed()
		view.Date = made.Add(-time.Duration(in.signed()) * time.Millisecond)
		if view.Revision != 0 {
			epoch = in.change(epoch)
			view.Epoch = epoch
		}
		views = append(views, view)
		before = view.Reference
	}
	return views
}
