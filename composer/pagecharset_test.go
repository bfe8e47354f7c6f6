package composer_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
)

// in is an answer in a charset; in none if that is empty.
func in(charset, lines, body string) string {
	contentType := "Content-Type: text/html"
	if charset != "" {
		contentType += "; charset=" + charset
	}
	return contentType + "|" + lines + "\n" + body
}

func TestAFragmentIsInTheCharsetOfItsPage(t *testing.T) {
	const include, esi = `<esi:include src="/a">failed</esi:include>`, `Surrogate-Control: content="ESI/1.0"|`
	tests := []struct {
		name, page, a, b string
		want             string
	}{
		{"both in UTF-8", in("utf-8", esi, "é"+include), in("UTF-8", "", "é"), "", "éé"},
		{"both in another one", in("iso-8859-1", esi, "\xe9"+include), in("latin1", "", "\xe9"), "", "\xe9\xe9"},
		{"a fragment in ISO-8859-1", in("utf-8", esi, "é"+include), in("ISO-8859-1", "", "\xe9 \x80"), "", "éé €"},
		{"a fragment of a page that says nothing", in("", esi, "é"+include), in("ISO-8859-1", "", "\xe9"), "", "éé"},
		{"a fragment that says nothing", in("iso-8859-1", esi, "\xe9"+include), in("", "", "\xe9"), "", "\xe9\xe9"},
		{"a page in ISO-8859-1", in("iso-8859-1", esi, "\xe9"+include), in("utf-8", "", "é 日"), "", "\xe9\xe9 &#26085;"},
		{"Japanese", in("utf-8", esi, include), in("shift_jis", "", "\x93\xfa\x96{"), "", "日本"},
		{"UTF-16", in("utf-8", esi, include), in("utf-16le", "", "a\x00\xe9\x00"), "", "aé"},
		{"UTF-16 by its mark alone", in("utf-8", esi, include), in("", "", "\xff\xfea\x00\xe9\x00"), "", "aé"},
		{"a mark says more than a name", in("utf-8", esi, include), in("iso-8859-1", "", "\xef\xbb\xbfé"), "", "é"},
		{"a page with a mark is in UTF-8", in("iso-8859-1", esi, "\xef\xbb\xbfé"+include), in("iso-8859-1", "", "\xe9"), "", "\xef\xbb\xbféé"},
		{"a charset that nobody knows is none", in("utf-8", esi, include), in("utf8mb4", "", "é"), "", "é"},
		{"one in the wrong quotes", in("'utf-8'", esi, "é"+include), in("'utf-8'", "", "é"), "", "éé"},
		{"one of the page", in("none", esi, "é"+include), in("utf-8", "", "é"), "", "éé"},
		{"a page in UTF-8 then, for a fragment in another", in("none", esi, "é"+include), in("iso-8859-1", "", "\xe9"), "", "éé"},
		{"one that both have", in("x-own", esi, "\xff"+include), in("X-Own", "", "\xfe"), "", "\xff\xfe"},
		{"UTF-7, in which a tag is text", in("utf-8", esi, include), in("utf-7", "", "+ADw-script+AD4-"), "", "+ADw-script+AD4-"},
		{"a charset that browsers replace fails", in("utf-8", esi, include), in("hz-gb-2312", "", "secret"), "", "failed"},
		{"a page in which nothing can stand fails it", in("iso-2022-jp", esi, include), in("utf-8", "", "日"), "", "failed"},
		{"what includes others is completed", in("utf-8", esi, include), in("iso-8859-1", esi, `<!--esi-->`+"\xe9"+`<esi:include src="/b"/><esi:remove>`+"\xe9</esi:remove>\xe9"), in("windows-1251", "", "\xe9"), "éйé"},
		{"an element of it", in("utf-8", esi, `<esi:include src="/a#x"/>`), in("iso-8859-1", "", "<p id=x>\xe9</p>"), "", `<p id="x">é</p>`},
	}
	for _, front := range fronts {
		for _, test := range tests {
			for _, control := range []string{"max-age=60", "no-store"} {
				t.Run(front.name+" "+control+" "+test.name, func(t *testing.T) {
					s, _ := front.front(t, composer.Options{}, pages{"/": test.page, "/a": strings.Replace(test.a, "|", "|Cache-Control: "+control+"|", 1), "/b": test.b})
					for range 2 {
						if a := s.ask(t, "GET /"); a.body != test.want || a.status != 200 {
							t.Errorf("page = %d %q; want 200 %q", a.status, a.body, test.want)
						}
					}
				})
			}
		}
	}
}

// TestATranscodedFragmentIsWhole has fragments that stream if nothing stands in
// their way, in a way in which half a character comes first.
func TestATranscodedFragmentIsWhole(t *testing.T) {
	tests := []struct {
		name, contentType string
		pieces            []string
		want              string
	}{
		{"half a character", "text/html; charset=shift_jis", []string{"\x93", "\xfa\x96", "{"}, "[日本]"},
		{"a mark, and then the rest", "text/html", []string{"\xff\xfe", "a\x00", "b\x00"}, "[ab]"},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				c := newComposer(t, composer.Options{}, fragments{"page": template(`[<esi:include src="/fragments/part/x"/>]`)},
					map[string]composer.Source{"part": kind.source(t, inPieces(test.contentType, test.pieces...))})
				w := newRecording()
				c.Page("page").ServeHTTP(w, request(t, http.MethodGet, "/"))
				if got := w.body.String(); got != test.want {
					t.Errorf("page = %q; want %q", got, test.want)
				}
			})
		}
	}
}

// inPieces answers with pieces that leave one by one.
func inPieces(contentType string, pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for _, p := range pieces {
			_, _ = io.WriteString(w, p)
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// TestAPrologIsDroppedHoweverItComes has a fragment cut at each byte of what
// may stand only at the beginning of a page.
func TestAPrologIsDroppedHoweverItComes(t *testing.T) {
	const prolog, esi = "\xef\xbb\xbf<?xml version='1.0'?>\n<!DOCTYPE html>", `content="ESI/1.0"`
	tests := []struct{ name, control, body, want string }{
		{"before a text", "", prolog + "\n<p>", "[\n<p>]"},
		{"alone", "", prolog, "[]"},
		{"that has no end", "", "<!doctype html", "[<!doctype html]"},
		{"that is none", "", "<?php <!doctype html>", "[<?php <!doctype html>]"},
		{"before white space alone", "", " \n", "[ \n]"},
		{"before ESI", esi, prolog + "<esi:remove>x</esi:remove>a", "[a]"},
		{"before an include", esi, prolog + `<esi:include src="/fragments/other/x"/>b`, "[otherb]"},
		{"before a variable", esi, "<!doctype<esi:vars>$(QUERY_STRING{x})</esi:vars>", "[<!doctype1]"},
		{"nothing", "", "", "[]"},
		{"nothing, of ESI", esi, "", "[]"},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				for cut := range len(test.body) + 1 {
					part := func(w http.ResponseWriter, r *http.Request) {
						if test.control != "" {
							w.Header().Set("Surrogate-Control", test.control)
						}
						inPieces("text/html", "", test.body[:cut], test.body[cut:])(w, r)
					}
					// What follows it is not its beginning.
					c := newComposer(t, composer.Options{}, fragments{"page": template(`[<esi:include src="/fragments/part/x"/>]<!doctype x>`), "other": piece("<!doctype html>other")},
						map[string]composer.Source{"part": kind.source(t, part)})
					w := newRecording()
					c.Page("page").ServeHTTP(w, request(t, http.MethodGet, "/?x=1"))
					if got, want := w.body.String(), test.want+"<!doctype x>"; got != want {
						t.Errorf("page with %q and then %q = %q; want %q", test.body[:cut], test.body[cut:], got, want)
					}
				}
			})
		}
	}
}

// TestAViewIsInUTF8 is for what is sent over a WebSocket.
func TestAViewIsInUTF8(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{"f": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		_, _ = io.WriteString(w, "<p id=a>caf\xe9</p>")
	}}, nil)
	if got, want := render(t, c, ""), "<p id=a>café</p>"; got != want {
		t.Errorf("the view is %q; want %q", got, want)
	}
}

// TestAnAnswerIsInTheCharsetOfItsFrame is for a template that is not in UTF-8.
func TestAnAnswerIsInTheCharsetOfItsFrame(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{"page": func(w http.ResponseWriter, _ *http.Request) {
		set(w, "Content-Type: text/html; charset=iso-8859-1", `Surrogate-Control: content="ESI/1.0"`)
		_, _ = io.WriteString(w, "\xe9<esi:include src='/-/title'/><esi:include src='/-/answer'/>")
	}}, nil)
	w := newRecording()
	if err := c.Frame(w, request(t, http.MethodGet, "/"), "/fragments/page/x", composer.Answer{Status: 200, Title: "é", Body: []byte("é")}); err != nil || w.body.String() != "\xe9\xe9\xe9" {
		t.Errorf("Frame = %q, %v; want all of it in ISO-8859-1", w.body.String(), err)
	}
}
