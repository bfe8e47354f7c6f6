package lint

import (
	"bytes"
	"iter"
	"strings"

	"selvedge/composer/htmltag"
)

// checkMarkup checks that the tags of a body are closed and nested, and that no attribute
// stands there twice. With ids, it also checks that no id does.
func checkMarkup(r *report, ids bool) {
	checkNesting(r)
	checkAttributes(r)
	checkOpenMarkup(r)
	if ids {
		checkIDs(r)
	}
}

// checkAttributes finds attributes that stand twice in a tag, and tags without their end.
func checkAttributes(r *report) {
	for t := range startTags(r.body) {
		seen := make(map[string]bool)
		for name := range htmltag.Attributes(t.Attributes) {
			key, offset := strings.ToLower(string(name)), offsetOf(r.body, name)
			switch {
			case strings.Contains(key, "<"):
				r.addAt(t.Start, "html", "end it with >", "the tag <%s has no end before the next tag", t.Name)
			case strings.ContainsAny(key, `"'`):
				r.addAt(offset, "html", "put each value in one pair of quotes", "a quote stands in the name of an attribute of <%s>", t.Name)
			case seen[key]:
				r.addAt(offset, "html", "remove one of them", "the attribute %s stands twice in <%s>", key, t.Name)
			}
			seen[key] = true
		}
	}
}

// checkIDs finds ids that stand twice. Content of which a page shows one of several
// alternatives, as in a choose, is left out.
func checkIDs(r *report) {
	seen, alternatives := make(map[string]bool), 0
	for t := range tags(r.body) {
		if isAlternative(t) {
			if t.IsClosing {
				alternatives--
			} else if !bytes.HasSuffix(t.Attributes, []byte("/")) {
				alternatives++
			}
		}
		if t.IsClosing || isESI(t) || alternatives > 0 {
			continue
		}
		id, _ := t.Attribute("id")
		if seen[id] {
			r.addAt(t.Start, "html", "give each element an id of its own", "two elements have the id %q", id)
		}
		seen[id] = id != "" && !strings.Contains(id, "$(") && !strings.Contains(id, "<esi:")
	}
}

// isAlternative reports whether a page may show other content in place of that of an
// element.
func isAlternative(t htmltag.Tag) bool {
	switch t.Name {
	case "esi:include", "esi:when", "esi:otherwise", "esi:attempt", "esi:except", "esi:remove", "template":
		return true
	}
	return false
}

// checkOpenMarkup finds a comment or a tag that the body does not end.
func checkOpenMarkup(r *report) {
	end := 0
	for t := range tags(r.body) {
		end = t.Next
	}
	for end < len(r.body) {
		i := bytes.IndexByte(r.body[end:], '<')
		if i < 0 {
			return
		}
		end += i
		switch rest := r.body[end:]; {
		case bytes.HasPrefix(rest, []byte("<!--")):
			if !bytes.Contains(rest[2:], []byte("-->")) {
				r.addAt(end, "html", "add -->", "a comment is not closed")
				return
			}
			end = max(htmltag.SkipBlank(r.body, end), end+1)
		case htmltag.IsStart(r.body, end):
			r.addAt(end, "html", "end it with >, and its values with their quotes", "a tag is not closed")
			return
		default:
			end++
		}
	}
}

// tags yields the tags of a body.
func tags(body []byte) iter.Seq[htmltag.Tag] {
	return func(yield func(htmltag.Tag) bool) {
		for i := 0; ; {
			t, ok := htmltag.Next(body, i)
			if !ok || !yield(t) {
				return
			}
			i = t.Next
		}
	}
}

// startTags yields the start tags of a body.
func startTags(body []byte) iter.Seq[htmltag.Tag] {
	return func(yield func(htmltag.Tag) bool) {
		for t := range tags(body) {
			if !t.IsClosing && !yield(t) {
				return
			}
		}
	}
}

// offsetOf returns the offset in a body of a part that was sliced from it, by the rest of
// their common capacity.
func offsetOf(body, part []byte) int { return cap(body) - cap(part) }
