package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

func TestAnIncludeSaysHowLongItsAnswerIsKept(t *testing.T) {
	tests := []struct {
		name, attributes, header string
		at                       []int // seconds
		want                     string
	}{
		{"what says nothing", `ttl="10"`, "X: y", []int{0, 9, 10}, "112"},
		{"for minutes", `ttl="5m"`, "X: y", []int{0, 299, 300}, "112"},
		{"for longer than it says", `ttl="1h"`, "Cache-Control: max-age=10", []int{0, 3599, 3600}, "112"},
		{"for less long than it says", `ttl="10"`, "Cache-Control: max-age=3600", []int{0, 9, 10}, "112"},
		{"what says that it is not stored is not", `ttl="10"`, "Cache-Control: no-store", []int{0, 0}, "12"},
		{"what is private is not", `ttl="10"`, "Cache-Control: private", []int{0, 0}, "12"},
		{"what sets a cookie is not", `ttl="10"`, "Set-Cookie: a=b", []int{0, 0}, "12"},
		{"what varies on everything is not", `ttl="10"`, "Vary: *", []int{0, 0}, "12"},
		{"not at all", `no-store="on"`, "Cache-Control: max-age=3600", []int{0, 0}, "12"},
		{"not at all, in other words", `ttl="0"`, "Cache-Control: max-age=3600", []int{0, 0}, "12"},
		{"off is not on", `no-store="off"`, "Cache-Control: max-age=10", []int{0, 9, 10}, "112"},
		{"as long as it says", ``, "Cache-Control: max-age=10", []int{0, 9, 10}, "112"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				part := saying(strings.Split(test.header, "|")...)
				b := newBubble(t, composer.Options{}, paths{
					"/page": with("Cache-Control: max-age=36000", template(`<esi:include src="/part" `+test.attributes+`/>`)), "/part": part.ServeHTTP,
				}.serve)
				got, began := "", time.Now()
				for _, second := range test.at {
					time.Sleep(time.Duration(second)*time.Second - time.Since(began))
					got += b.ask(t, "GET /page").body
				}
				if got != test.want {
					t.Errorf("%s of %s at the seconds %v: answers %s; want %s", test.attributes, test.header, test.at, got, test.want)
				}
			})
		})
	}
}

// Everything that a first visitor says reaches a fragment that writes it down,
// as far as it reaches it at all. The second visitor must not see it.
func TestWhatOneVisitorSaysReachesNoOther(t *testing.T) {
	fields := []string{
		"X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded-Prefix", "Forwarded",
		"X-Real-Ip", "X-Host", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Esi-Level", "Selvedge-Timeout", "Surrogate-Capability",
		"Accept", "Accept-Encoding", "Authorization", "Cookie", "Origin", "Range", "If-None-Match", "If-Modified-Since", "Content-Type", "Via", "Te",
		"Connection", "X-Anything",
	}
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=60")
		_, _ = io.WriteString(w, r.Method+" "+r.Host+" "+r.RequestURI+"\n")
		for _, name := range fields {
			_, _ = fmt.Fprintln(w, name, r.Header[name])
		}
	}
	const page = `<esi:include src="/fragments/echo/x"/>`
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, field := range fields {
			t.Run(field, func(t *testing.T) {
				s := open(composer.Options{}, fragments{"page": template(page), "echo": echo})
				for _, lines := range []string{"GET /|" + field + ": evil", "GET /"} {
					got := s.ask(t, lines)
					if got.status != 200 || !strings.HasPrefix(got.body, "GET ") || strings.Contains(got.body, "evil") {
						t.Errorf("%s = %d, with %q; want nothing of what the visitor said", lines, got.status, got.body)
					}
				}
			})
		}
	})
}

// A document is asked for with all that a visitor says, except who they are.
func TestNobodySaysWhoTheyAreInAStoredDocument(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60")
		for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded", "X-Real-Ip"} {
			_, _ = fmt.Fprintln(w, r.Header[name])
		}
	}
	for _, kind := range []string{"/document", "/template"} {
		for _, lines := range []string{"X-Forwarded-Host: evil", "X-Forwarded-Proto: evil", "X-Forwarded-For: evil", "Forwarded: evil", "X-Real-Ip: evil",
			"X-Forwarded-Host: evil|Connection: X-Forwarded-Host", "Connection: X-Forwarded-Host, X-Forwarded-Proto|X-Forwarded-Proto: evil"} {
			t.Run(kind+" with "+lines, func(t *testing.T) {
				s := newProxy(t, composer.Options{}, onEachWay(echo))
				first, second := s.ask(t, "GET "+kind+"|"+lines), s.ask(t, "GET "+kind)
				if strings.Contains(first.body+second.body, "evil") || first.body != second.body || !strings.Contains(second.body, "[http]") {
					t.Errorf("the first visitor got %q, the second %q; want ours in both", first.body, second.body)
				}
			})
		}
	}
}

func TestArgumentsReachTemplatesAndNobodyElse(t *testing.T) {
	const page = `<esi:vars>$(ESI_ARGS{tab}|none) $(QUERY_STRING)</esi:vars> <esi:include src="/echo?$(QUERY_STRING)"/>`
	tests := []struct{ request, want, asked string }{
		{"GET /page?a=1", "none a=1 (a=1)", "/page?a=1"},
		{"GET /page?a=1&esi_tab=2", "2 a=1 (a=1)", ""},
		{"GET /page?esi_tab=3&a=1&esi_x", "3 a=1 (a=1)", ""},
		{"GET /page?esi_tab=%3Cb%3E&a=1", "&lt;b&gt; a=1 (a=1)", ""},
		{"GET /page?a=1&esi_tab=1&b=2", "1 a=1&amp;b=2 (a=1&b=2)", "/page?a=1&b=2"},
		{"GET /page?esi_tab=4", "4  ()", "/page"},
		{"GET /page", "none  ()", ""},
		{"GET /page?xesi_tab=4", "none xesi_tab=4 (xesi_tab=4)", "/page?xesi_tab=4"},
		{"POST /page?a=1&esi_tab=5", "5 a=1 (a=1)", "/page?a=1"},
		{"GET /page?a=1&esi_tab=6|Cache-Control: no-store", "6 a=1 (a=1)", "/page?a=1"},
	}
	var mu sync.Mutex
	asked := ""
	s := newProxy(t, composer.Options{ObeyRequestCacheControl: true}, paths{
		"/page": func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			asked += r.RequestURI
			with("Cache-Control: max-age=60", template(page))(w, r)
		},
		"/echo": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "("+r.URL.RawQuery+")") },
	}.serve)
	for _, test := range tests {
		if got := s.ask(t, test.request).body; got != test.want {
			t.Errorf("%s = %q; want %q", test.request, got, test.want)
		}
		mu.Lock()
		if asked != test.asked {
			t.Errorf("%s asks the origin for %q; want %q", test.request, asked, test.asked)
		}
		asked = ""
		mu.Unlock()
	}
}
