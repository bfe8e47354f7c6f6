package composer_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// echoing answers with header lines, and shows the visitor by their credentials.
func echoing(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		set(w, lines...)
		_, _ = fmt.Fprint(w, "for "+r.Header.Get("Cookie")+r.Header.Get("Authorization"))
	}
}

// changedTenHoursAgo makes a heuristic lifetime of an hour.
func changedTenHoursAgo() string {
	return "Last-Modified: " + time.Now().Add(-10*time.Hour).UTC().Format(http.TimeFormat)
}

func TestATTLSharesNothingThatIsOneVisitors(t *testing.T) {
	const alice, password = "Cookie: user=alice", "Authorization: alice"
	const forNobody, forAll = "for ", "for user=alice"
	tests := []struct {
		name, visitor, header string
		want                  string // of the next visitor, who says nothing
	}{
		{"of a visitor who says nothing", "X: y", "X: y", forNobody},
		{"with a cookie, and no word on whom it is for", alice, "X: y", forNobody},
		{"with a cookie and Last-Modified", alice, "Last-Modified", forNobody},
		{"with a cookie and a validator", alice, `ETag: "1"`, forNobody},
		{"with a cookie and no-cache", alice, `Cache-Control: no-cache|ETag: "1"`, forNobody},
		{"with a cookie and max-age=0", alice, "Cache-Control: max-age=0", forNobody},
		{"with a cookie and no-store", alice, "Cache-Control: no-store, max-age=60", forNobody},
		{"with a cookie and private", alice, "Cache-Control: private, max-age=60", forNobody},
		{"with a cookie and Surrogate-Control: no-store", alice, "Surrogate-Control: no-store", forNobody},
		{"with a cookie and an opt-in alone", alice, `Surrogate-Control: content="ESI/1.0"`, forNobody},
		{"with a cookie and max-age", alice, "Cache-Control: max-age=10", forAll},
		{"with a cookie and s-maxage", alice, "Cache-Control: s-maxage=10", forAll},
		{"with a cookie and public", alice, "Cache-Control: public", forAll},
		{"with a cookie and Surrogate-Control", alice, "Surrogate-Control: max-age=10", forAll},
		{"with Authorization, and no word on whom it is for", password, "X: y", forNobody},
		{"with Authorization and max-age (RFC 9111 §3.5)", password, "Cache-Control: max-age=10", forNobody},
		{"with Authorization and Surrogate-Control", password, "Surrogate-Control: max-age=10", forNobody},
		{"with Authorization and no-store", password, "Cache-Control: public, no-store", forNobody},
		{"with Authorization and public (RFC 9111 §3.5)", password, "Cache-Control: public", "for alice"},
		{"with Authorization and s-maxage (RFC 9111 §3.5)", password, "Cache-Control: s-maxage=10", "for alice"},
		{"with Authorization and must-revalidate (RFC 9111 §3.5)", password, "Cache-Control: max-age=10, must-revalidate", "for alice"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				header := strings.Replace(test.header, "Last-Modified", changedTenHoursAgo(), 1)
				b := newBubble(t, composer.Options{Cookies: []string{"user"}, Headers: []string{"Authorization"}}, paths{
					"/page": with("Cache-Control: public, max-age=3600", template(`<esi:include src="/part" ttl="60"/>`)),
					"/part": echoing(strings.Split(header, "|")...),
				}.serve)
				b.ask(t, "GET /page|"+test.visitor)
				time.Sleep(20 * time.Second) // longer than any answer's own lifetime, and less than the ttl
				if got := b.ask(t, "GET /page").body; got != test.want {
					t.Errorf("after %s, an answer with %s: the next visitor gets %q; want %q", test.visitor, test.header, got, test.want)
				}
			})
		})
	}
}

// Last-Modified alone says nothing about whom a page is for.
func TestAHeuristicLifetimeIsForRequestsWithoutCredentials(t *testing.T) {
	const nobody, cookie, password = "GET /x", "GET /x|Cookie: user=alice", "GET /x|Authorization: alice"
	tests := []struct {
		name     string
		header   string
		requests []string
		want     string // which of the origin's answers each of them gets
	}{
		{"requests that say nothing share one", "", []string{nobody, nobody}, "11"},
		{"an answer to a cookie is not stored", "", []string{cookie, nobody, cookie}, "123"},
		{"an answer to Authorization is not stored", "", []string{password, nobody, password}, "123"},
		{"a stored one is not for a cookie", "", []string{nobody, cookie, nobody}, "121"},
		{"a stored one is not for Authorization", "", []string{nobody, password, nobody}, "121"},
		{"max-age is for all", "Cache-Control: max-age=60", []string{cookie, nobody, cookie}, "111"},
		{"Expires is for all", "Expires: Thu, 01 Jan 2099 00:00:00 GMT", []string{nobody, cookie}, "11"},
		{"what is validated each time is no less so", "Cache-Control: no-cache", []string{nobody, cookie, nobody}, "123"},
		{"public is for all", "Cache-Control: public", []string{password, nobody, cookie}, "111"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				b := newBubble(t, composer.Options{}, func(w http.ResponseWriter, _ *http.Request) {
					n++
					set(w, changedTenHoursAgo())
					if test.header != "" {
						set(w, test.header)
					}
					_, _ = fmt.Fprint(w, strconv.Itoa(n))
				})
				got := ""
				for _, lines := range test.requests {
					got += b.ask(t, lines).body
				}
				if got != test.want {
					t.Errorf("Last-Modified with %q: %q get the answers %s; want %s", test.header, test.requests, got, test.want)
				}
			})
		})
	}
}
