package pagetoken

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"time"
)

// Signer signs page tokens, and opens tokens of any signer with the same key. It is
// safe for concurrent use.
type Signer struct {
	Key    []byte        // secret of the signature, an HMAC with SHA-256
	Epoch  string        // of the composer, in each token
	MaxAge time.Duration // validity of a token

	// PageTimeout bounds the time in which all responses of a page arrive.
	PageTimeout time.Duration
}

// Entry is a view in a page, before its visitor is known.
type Entry struct {
	Reference string
	Variance  byte
	Within    []string // fragments in the view that vary on Cookie and receive other cookies than the view's
	ETag      string
	Revision  int64
	Epoch     string
	Born      int64 // of the response, in Unix nanoseconds; 0: no response yet
}

// Latest returns the latest time at which the response can have been generated, in
// Unix nanoseconds: each response arrives within the time-out of its page.
func (e *Entry) Latest(now time.Time, timeout time.Duration) int64 {
	if e.Born == 0 {
		return now.UnixNano()
	}
	return min(now.UnixNano(), e.Born+int64(timeout))
}

// Sign returns the token of a page for a session. Of more than 128 views it has the
// first
//
//  128. The encoding saves bytes:
//
//     - a reference is the length of its common prefix with the previous reference, and
//     the rest;
//     - an epoch is written only if it differs from the previous epoch;
//     - times are in milliseconds, and the time of a view is its age.
func (s *Signer) Sign(session string, views []Entry) string {
	now := time.Now()
	b := []byte{tokenVersion}
	b = binary.AppendVarint(b, now.UnixMilli()+1) // after the date of every view
	b = append(b, sessionHash(session)...)
	b = appendText(b, s.Epoch)
	b = binary.AppendUvarint(b, uint64(min(len(views), maxTokenViews)))
	before, epoch := "", ""
	for _, view := range views[:min(len(views), maxTokenViews)] {
		shared := commonPrefix(before, view.Reference)
		b = binary.AppendUvarint(b, uint64(shared))
		b = appendText(b, view.Reference[shared:])
		b = appendVariance(b, view.Variance, view.Within)
		b = appendText(b, view.ETag)
		b = binary.AppendVarint(b, view.Revision)
		b = binary.AppendVarint(b, (now.UnixNano()-view.Latest(now, s.PageTimeout))/int64(time.Millisecond))
		before = view.Reference
		if view.Revision != 0 {
			b = appendChange(b, epoch, view.Epoch)
			epoch = view.Epoch
		}
	}
	return base64.RawURLEncoding.EncodeToString(append(b, s.mac(b)...))
}

// Open reads a page token. session is the session of the request with the token. The
// function h returns the request's fields that the fragment of a reference receives, with
// the cookies of the fragments within. The error is ErrToken, ErrExpired or ErrSession.
func (s *Signer) Open(token, session string, h func(reference string, within []string) http.Header) (Token, error) {
	if len(token) > maxTokenLength {
		return Token{}, ErrToken
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < macBytes {
		return Token{}, ErrToken
	}
	b, mac := b[:len(b)-macBytes], b[len(b)-macBytes:]
	if !hmac.Equal(mac, s.mac(b)) {
		return Token{}, ErrToken
	}
	in := &tokenReader{rest: b}
	if in.byte() != tokenVersion {
		return Token{}, ErrToken
	}
	made := time.UnixMilli(in.signed())
	owner := in.take(sessionBytes)
	t := Token{Session: session, Epoch: in.text(), Date: made, RenewAt: s.renewAt(made)}
	t.Views = in.views(made, h)
	switch {
	case in.invalid || len(in.rest) > 0:
		return Token{}, ErrToken
	case !hmac.Equal(owner, sessionHash(session)):
		return Token{}, ErrSession
	case time.Since(made) > s.MaxAge:
		return Token{}, ErrExpired
	}
	return t, nil
}

// Renew returns a token for an open page of a session, and the time of its next
// renewal. The token is empty if the views do not fit into a token.
func (s *Signer) Renew(session string, views []Shown) (token string, next time.Time) {
	var all []Entry
	for _, view := range views {
		bits, within := variance(view.Variant)
		all = append(all, Entry{
			Reference: view.Reference, Variance: bits, Within: within,
			ETag: view.ETag, Revision: view.Revision, Epoch: view.Epoch,
			Born: view.Date.Add(-s.PageTimeout).UnixNano(), // see Entry.Latest
		})
	}
	token = s.Sign(session, all)
	if len(all) > maxTokenViews || len(token) > maxTokenLength {
		return "", time.Time{}
	}
	return token, s.renewAt(time.Now())
}

// renewAt returns the renewal time of a token signed at made.
func (s *Signer) renewAt(made time.Time) time.Time { return made.Add(s.MaxAge / 3) }

func (s *Signer) mac(b []byte) []byte {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write(b)
	return mac.Sum(nil)[:macBytes]
}

func sessionHash(session string) []byte {
	sum := sha256.Sum256([]byte(session))
	return sum[:sessionBytes]
}

// withinBit in the variance of a view says that Entry.Within follows.
const withinBit = 1 << 7

func appendVariance(b []byte, bits byte, within []string) []byte {
	if len(within) == 0 {
		return append(b, bits)
	}
	return appendText(append(b, bits|withinBit), strings.Join(within, " "))
}

// appendText appends the length of a text and the text.
func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendChange appends 0 if s equals before, or else 1 and s.
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
