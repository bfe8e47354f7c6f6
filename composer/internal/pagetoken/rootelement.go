package pagetoken

import (
	"bytes"
	"strconv"
)

// RootElement holds the attributes of a fragment's first element.
type RootElement struct {
	id       string
	Revision int64  // data-revision, or 0
	Epoch    string // data-epoch: revisions of one epoch are comparable
}

// ParseRoot reads the start tag of the first element in html. In valid HTML a browser
// finds the same element. It reports false without an element that has an id.
func ParseRoot(html []byte) (RootElement, bool) {
	tag, ok := firstTag(html)
	if !ok {
		return RootElement{}, false
	}
	var found RootElement
	for len(tag) > 0 {
		var name, value []byte
		name, value, tag = cutAttribute(tag)
		switch string(name) {
		case "id":
			found.id = string(value)
		case "data-revision":
			found.Revision, _ = strconv.ParseInt(string(value), 10, 64)
		case "data-epoch":
			found.Epoch = string(value)
		}
	}
	return found, found.id != ""
}

// firstTag returns the text from the end of the first element's name to the end of its
// start tag or, without an end, of html.
func firstTag(html []byte) ([]byte, bool) {
	for {
		i := bytes.IndexByte(html, '<')
		if i < 0 || i+1 == len(html) {
			return nil, false
		}
		html = html[i:]
		if bytes.HasPrefix(html, []byte("<!--")) {
			end := bytes.Index(html, []byte("-->"))
			if end < 0 {
				return nil, false
			}
			html = html[end:]
			continue
		}
		if c := html[1] | 0x20; 'a' <= c && c <= 'z' {
			break
		}
		html = html[1:]
	}
	i := bytes.IndexAny(html, " \t\r\n\f/>")
	if i < 0 {
		return nil, false
	}
	return html[i:], true
}

// cutAttribute cuts the first attribute off a start tag; rest is empty at the tag's
// end.
func cutAttribute(tag []byte) (name, value, rest []byte) {
	tag = bytes.TrimLeft(tag, " \t\r\n\f/")
	if len(tag) == 0 || tag[0] == '>' {
		return nil, nil, nil
	}
	i := bytes.IndexAny(tag, "= \t\r\n\f/>")
	if i <= 0 {
		return nil, nil, nil
	}
	name, rest = tag[:i], bytes.TrimLeft(tag[i:], " \t\r\n\f")
	if len(rest) == 0 || rest[0] != '=' {
		return name, nil, rest
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n\f")
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		if end := bytes.IndexByte(rest[1:], rest[0]); end >= 0 {
			return name, rest[1 : 1+end], rest[end+2:]
		}
		return nil, nil, nil
	}
	if i = bytes.IndexAny(rest, " \t\r\n\f>"); i < 0 {
		i = len(rest)
	}
	return name, rest[:i], rest[i:]
}
