package page

import (
	"bytes"
	"slices"
	"strings"

	"selvedge/composer/internal/header"
)

const (
	htmlWhiteSpace = " \t\n\f\r"
)

// removeProlog returns a fragment's body without its prolog, the part that is valid only
// at the beginning of a page:
//
//   - a byte order mark,
//   - an XML declaration,
//   - a doctype with the white space before it.
//
// All other bytes remain unchanged. An unclosed declaration or doctype remains as well.
func removeProlog(body []byte) []byte {
	if len(body) > 1 && body[0] == '<' && body[1] != '?' && body[1] != '!' {
		return body // the usual case
	}
	n, _ := prologLength(body)
	return body[n:]
}

// maxProlog limits the beginning of a fragment that is held back until its prolog is
// certain, in bytes.
const maxProlog = 4 << 10

// withoutProlog returns the text at the beginning of a fragment without its prolog. While
// further text could change the prolog, withoutProlog holds the text and returns nothing.
func (pw *pageWriter) withoutProlog(p []byte, whole bool) []byte {
	if len(pw.prolog) > 0 {
		p = append(pw.prolog, p...)
	}
	length, sure := prologLength(p)
	if !sure && !whole && len(p) < maxProlog {
		pw.prolog = slices.Clip(bytes.Clone(p))
		return nil
	}
	pw.isProlog, pw.prolog = false, nil
	return p[length:]
}

// endProlog marks the end of the beginning of a fragment, and writes the held text.
func (pw *pageWriter) endProlog() error {
	if !pw.isProlog {
		return nil
	}
	return pw.text(pw.withoutProlog(nil, true), nil)
}

// prologLength returns the length of the prolog of a body. The length is sure if further
// bytes cannot change the length.
func prologLength(body []byte) (length int, sure bool) {
	rest, ok := bytes.CutPrefix(body, []byte(header.UTF8BOM))
	sure = ok || !strings.HasPrefix(header.UTF8BOM, string(body[:min(len(body), len(header.UTF8BOM))]))
	declaration, known := declarationLength(rest)
	sure = sure && known
	rest = rest[declaration:]
	doctype, known := doctypeLength(rest)
	return len(body) - len(rest) + doctype, sure && known
}

// declarationLength returns the length of the XML declaration at the beginning of a text
// (XML 1.0 §2.8), or 0.
func declarationLength(text []byte) (length int, sure bool) {
	const start = "<?xml"
	if found, known := hasPrefixFold(text, start); !found {
		return 0, known
	}
	if len(text) > len(start) && strings.IndexByte(htmlWhiteSpace, text[len(start)]) < 0 {
		return 0, true
	}
	if end := bytes.Index(text, []byte("?>")); end >= 0 {
		return end + 2, true
	}
	return 0, false
}

// doctypeLength returns the length of the white space and the doctype at the beginning of
// a text, or 0.
func doctypeLength(text []byte) (length int, sure bool) {
	const start = "<!doctype"
	doctype := bytes.TrimLeft(text, htmlWhiteSpace)
	if found, known := hasPrefixFold(doctype, start); !found {
		return 0, known
	}
	end, sure := tagEnd(doctype[len(start):])
	if end < 0 {
		return 0, false
	}
	return len(text) - len(doctype) + len(start) + end, sure
}

// hasPrefixFold reports whether a text begins with start, in any case of letters. The
// result is not sure if the text is too short.
func hasPrefixFold(text []byte, start string) (found, sure bool) {
	n := min(len(text), len(start))
	same := strings.EqualFold(string(text[:n]), start[:n])
	return same && n == len(start), !same || n == len(start)
}

// tagEnd returns the length of a text up to its first > outside a quoted string, or -1. A
// quote without a second quote before a < is an apostrophe, so that it does not swallow
// the text.
func tagEnd(text []byte) (length int, sure bool) {
	sure = true
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '>':
			return i + 1, sure
		case '"', '\'':
			j := bytes.IndexAny(text[i+1:], string(rune(c))+"<")
			if j < 0 {
				sure = false
			} else if text[i+1+j] == c {
				i += 1 + j
			}
		}
	}
	return -1, false
}
