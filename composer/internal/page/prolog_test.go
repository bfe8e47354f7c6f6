package page

import (
	"bytes"
	"strings"
	"testing"
)

func TestRemoveProlog(t *testing.T) {
	const bom = "\xef\xbb\xbf"
	tests := []struct{ name, body, want string }{
		{"nothing", "", ""},
		{"text alone", "text", "text"},
		{"white space before text stays", " \n<p>", " \n<p>"},
		{"white space alone stays", " \n", " \n"},
		{"a byte order mark", bom + "<p>", "<p>"},
		{"a byte order mark and white space, which stays", bom + " <p>", " <p>"},
		{"the second of two byte order marks stays", bom + bom + "<p>", bom + "<p>"},
		{"a part of a byte order mark stays", bom[:2] + "<p>", bom[:2] + "<p>"},
		{"a byte order mark later stays", "<p>" + bom, "<p>" + bom},
		{"a doctype", "<!DOCTYPE html><p>", "<p>"},
		{"a doctype in small letters and white space before it", " \t\r\n\f<!doctype html><p>", "<p>"},
		{"white space after a doctype stays", "<!DOCTYPE html>\n<p>", "\n<p>"},
		{"the second of two doctypes stays", "<!DOCTYPE html><!DOCTYPE html>", "<!DOCTYPE html>"},
		{"a doctype later stays", "<p><!DOCTYPE html>", "<p><!DOCTYPE html>"},
		{"identifiers with > in them", `<!DOCTYPE html PUBLIC "-//a>b" 'c>"d'><p>`, "<p>"},
		{"an apostrophe that quotes nothing", `<!DOCTYPE it's><p>it's</p>`, `<p>it's</p>`},
		{"an apostrophe and no other", `<!DOCTYPE it's>text`, `text`},
		{"a doctype without an end stays", ` <!DOCTYPE html`, ` <!DOCTYPE html`},
		{"a doctype with a string to its end stays", `<!DOCTYPE "html>"`, `<!DOCTYPE "html>"`},
		{"a comment before a doctype stays, and so does that", "<!-- --><!DOCTYPE html>", "<!-- --><!DOCTYPE html>"},
		{"an XML declaration", `<?xml version="1.0"?><p>`, "<p>"},
		{"white space after an XML declaration stays", "<?xml version='1.0'?>\n<p>", "\n<p>"},
		{"white space before one stays, and so does that", " <?xml version='1.0'?><p>", " <?xml version='1.0'?><p>"},
		{"an XML declaration without an end stays", "<?xml version='1.0'><p>", "<?xml version='1.0'><p>"},
		{"another instruction stays", "<?xml-stylesheet?><p>", "<?xml-stylesheet?><p>"},
		{"all of them", bom + "<?xml version='1.0'?>\n<!DOCTYPE html>\n<p>", "\n<p>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := removeProlog([]byte(test.body)); string(got) != test.want {
				t.Errorf("removeProlog(%q) = %q; want %q", test.body, got, test.want)
			}
		})
	}
}

// TestAPrologInPieces holds that what is sure of a beginning is true of the
// whole, and that one need not read further than the prolog to be sure.
func TestAPrologInPieces(t *testing.T) {
	tests := []struct {
		name, body string
		sure       int // bytes that are enough
	}{
		{"text", "text", 1},
		{"white space", " \n text", 4},
		{"a part of a byte order mark", "\xef\xbbx", 3},
		{"a byte order mark", "\xef\xbb\xbfxyz", 4},
		{"almost a doctype", "<!DOCTYPO>", 9},
		{"a doctype", "<!DOCTYPE html><p>", 15},
		{"an apostrophe", "<!DOCTYPE it's><p>", 16},
		{"an XML declaration", "<?xml version='1.0'?><p>", 23},
		{"another instruction", "<?xml-stylesheet?>", 6},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want, _ := prologLength([]byte(test.body))
			for n := range len(test.body) + 1 {
				got, sure := prologLength([]byte(test.body[:n]))
				if sure != (n >= test.sure) || sure && got != want {
					t.Errorf("prologLength(%q) = %d, %v; want %v, and %d then", test.body[:n], got, sure, n >= test.sure, want)
				}
			}
		})
	}
}

// FuzzProlog holds that only the beginning is dropped, that bytes which follow
// change nothing that is sure, and that text without tags and marks stays.
func FuzzProlog(f *testing.F) {
	for _, seed := range []string{"", "\xef\xbb\xbf<p>", "<?xml ?> <!doctype \"'>'\"><p>", " <!DOCTYPE it's>", "<!doctype'<\"<'>\">"} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, body []byte, cut int) {
		got := removeProlog(body)
		if !bytes.HasSuffix(body, got) {
			t.Errorf("removeProlog(%q) = %q; want an end of it", body, got)
		}
		if !bytes.ContainsAny(body, "<\ufeff") && len(got) != len(body) {
			t.Errorf("removeProlog(%q) = %q; want all of it", body, got)
		}
		if cut < 0 || cut > len(body) {
			return
		}
		if n, sure := prologLength(body[:cut]); sure && n != len(body)-len(got) {
			t.Errorf("prologLength(%q) = %d for sure, and for %q it is %d", body[:cut], n, body, len(body)-len(got))
		}
	})
}

// BenchmarkRemoveProlog has quotes that are closed nowhere.
func BenchmarkRemoveProlog(b *testing.B) {
	body := []byte("<!DOCTYPE " + strings.Repeat(`"<'<`, 1<<18))
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		removeProlog(body)
	}
}
