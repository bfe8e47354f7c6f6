package pagetoken

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/http"
	"strings"
	"time"
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

// Bounds of a token, which is part of a URL.
const (
	tokenVersion   = 2
	maxTokenViews  = 128
	maxTokenLength = 6 << 10 // of its text, in bytes
	macBytes       = 16
	sessionBytes   = 8
)

// Entry is a view that is part of a page, before it is known who sees it.
type Entry struct {
	Reference string
	Variance  byte
	ETag      string
	Revision  int64
	Epoch     string
	Born      int64 // of the answer, in Unix nanoseconds; 0: there is none yet
}

// Latest is when the answer was generated at the latest, in Unix nanoseconds:
// each is there within the time for a page.
func (s *Entry) Latest(now time.Time, timeout time.Duration) int64 {
	if s.Born == 0 {
		return now.UnixNano()
	}
	return min(now.UnixNano(), s.Born+int64(timeout))
}

// Signer makes page tokens, and reads those that it or another one with the
// same key made. It is safe for concurrent use.
type Signer struct {
	Key    []byte
	Epoch  string        // of the composer, which all tokens name
	MaxAge time.Duration // for which a token is valid

	// PageTimeout is the time within which all responses of a page come.
	PageTimeout time.Duration
}

// Sign returns the token of a page. References share long beginnings, so
// each is written as what it adds to the one before. Revisions mostly share
// their epoch, which is written where it differs from the one before. Times are
// in milliseconds, those of views as their age.
func (c *Signer) Sign(session string, views []Entry) string {
	now := time.Now()
	b := []byte{tokenVersion}
	b = binary.AppendVarint(b, now.UnixMilli()+1) // not before any view
	b = append(b, sessionHash(session)...)
	b = appendText(b, c.Epoch)
	b = binary.AppendUvarint(b, uint64(min(len(views), maxTokenViews)))
	before, epoch := "", ""
	for _, view := range views[:min(len(views), maxTokenViews)] {
		shared := commonPrefix(before, view.Reference)
		b = binary.AppendUvarint(b, uint64(shared))
		b = appendText(b, view.Reference[shared:])
		b = append(b, view.Variance)
		b = appendText(b, view.ETag)
		b = binary.AppendVarint(b, view.Revision)
		b = binary.AppendVarint(b, (now.UnixNano()-view.Latest(now, c.PageTimeout))/int64(time.Millisecond))
		before = view.Reference
		if view.Revision != 0 {
			b = appendChange(b, epoch, view.Epoch)
			epoch = view.Epoch
		}
	}
	return base64.RawURLEncoding.EncodeToString(append(b, c.mac(b)...))
}

func (c *Signer) mac(b []byte) []byte {
	mac := hmac.New(sha256.New, c.Key)
	mac.Write(b)
	return mac.Sum(nil)[:macBytes]
}

func sessionHash(session string) []byte {
	sum := sha256.Sum256([]byte(session))
	return sum[:sessionBytes]
}

// appendText appends a text with its length before it.
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

// Open reads a page token that a session presents, with the header that fragments
// receive from the request. The error is ErrToken, ErrExpired or ErrSession.
func (c *Signer) Open(token, session string, h http.Header) (Token, error) {
	if len(token) > maxTokenLength {
		return Token{}, ErrToken
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < macBytes {
		return Token{}, ErrToken
	}
	b, mac := b[:len(b)-macBytes], b[len(b)-macBytes:]
	if !hmac.Equal(mac, c.mac(b)) {
		return Token{}, ErrToken
	}
	in := &tokenReader{rest: b}
	if in.byte() != tokenVersion {
		return Token{}, ErrToken
	}
	made := time.UnixMilli(in.signed())
	owner := in.take(sessionBytes)
	t := Token{Session: session, Epoch: in.text(), RenewAt: c.renewAt(made)}
	t.Views = in.views(made, h)
	switch {
	case in.bad || len(in.rest) > 0:
		return Token{}, ErrToken
	case !hmac.Equal(owner, sessionHash(session)):
		return Token{}, ErrSession
	case time.Since(made) > c.MaxAge:
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
		view.Variant = Variant(h, in.byte())
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

// Renew returns a token for an open page of a session that shows these views, and
// the time to renew that one. It is empty if the views do not fit into a token.
func (c *Signer) Renew(session string, views []Shown) (token string, next time.Time) {
	var all []Entry
	for _, s := range views {
		all = append(all, Entry{
			Reference: s.Reference, Variance: VarianceOf(s.Variant),
			ETag: s.ETag, Revision: s.Revision, Epoch: s.Epoch,
			Born: s.Date.Add(-c.PageTimeout).UnixNano(), // see shown.latest
		})
	}
	token = c.Sign(session, all)
	if len(all) > maxTokenViews || len(token) > maxTokenLength {
		return "", time.Time{}
	}
	return token, c.renewAt(time.Now())
}

// renewAt returns when a token that was made then is to be renewed.
func (c *Signer) renewAt(made time.Time) time.Time { return made.Add(c.MaxAge / 3) }

// VarianceOf returns the bits of the headers whose lines a variant has.
func VarianceOf(variant string) byte {
	var names []string
	for line := range strings.Lines(variant) {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	return Variance(names, false)
}
