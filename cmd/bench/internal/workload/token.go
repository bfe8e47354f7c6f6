package workload

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Token names the views of a page, in the place of the composer's signed
// token.
type Token struct {
	Epoch    string // of the server; without a dot
	Session  string // without a dot
	Views    int
	Personal int   // number of views, from the last, that are rendered for the session alone
	Revision int64 // of all views when the page was rendered; 0: when the page connects
}

// BrowserSession is the session of the page in a real browser.
const BrowserSession = "browser"

var errToken = errors.New("not a token of this workload")

// String returns the token as it stands in the address of a live connection.
func (t Token) String() string {
	return fmt.Sprintf("%s.%s.%d.%d.%d", t.Epoch, t.Session, t.Views, t.Personal, t.Revision)
}

// ParseToken parses the result of [Token.String]. It is an error if the token
// has another form or more views than MaxViews.
func ParseToken(s string) (Token, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 5 {
		return Token{}, errToken
	}
	t := Token{Epoch: parts[0], Session: parts[1]}
	var err error
	if t.Views, err = strconv.Atoi(parts[2]); err != nil || t.Views > MaxViews {
		return Token{}, errToken
	}
	if t.Personal, err = strconv.Atoi(parts[3]); err != nil {
		return Token{}, errToken
	}
	if t.Revision, err = strconv.ParseInt(parts[4], 10, 64); err != nil {
		return Token{}, errToken
	}
	return t, nil
}
