package pagetoken

import (
	"errors"
	"time"
)

// Token is the content of a page token: the views of a page, as they were when the
// page was composed. The holder of a token learns of changes to the views, so a token
// is signed, expires, and is bound to the session of its page.
type Token struct {
	Session string // of the request that presented the token
	Epoch   string // Options.Epoch of the composer that signed the token
	Views   []Shown
	// Date is the time of signing: the page was composed before, and its views too.
	Date time.Time
	// RenewAt is the time at which an open page should get another token: a third of
	// Options.TokenAge after signing.
	RenewAt time.Time
}

// Errors of Signer.Open.
var (
	ErrToken   = errors.New("the page token is forged or malformed")
	ErrExpired = errors.New("the page token is too old")
	ErrSession = errors.New("the page token belongs to another session")
)

// Bounds of a token, because it is part of a URL.
const (
	tokenVersion   = 2
	maxTokenViews  = 128
	maxTokenLength = 6 << 10 // of its text, in bytes
	macBytes       = 16
	sessionBytes   = 8
)
