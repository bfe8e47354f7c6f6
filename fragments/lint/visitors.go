package lint

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

// visitors is the number of sessions in which a resource is requested.
const visitors = 10

// askVisitors requests the resource in further sessions.
func (r *resource) askVisitors(ctx context.Context) (err error) {
	for range visitors - 1 {
		a, err := r.source.request(ctx, http.MethodGet, r.address, newSession())
		if err != nil {
			return err
		}
		r.others = append(r.others, a)
	}
	if r.again, err = r.source.request(ctx, http.MethodGet, r.address, r.session); err != nil {
		return err
	}
	r.checkVisitors()
	return nil
}

// checkVisitors checks that a response for one visitor differs from those for others, and
// that a response for all does not. A response that changes with time proves neither.
func (r *resource) checkVisitors() {
	if !r.isStable() {
		return
	}
	differs := slices.ContainsFunc(r.others, func(a answer) bool { return !bytes.Equal(a.body, r.first.body) })
	switch isOwn := isForOneVisitor(r.first.header); {
	case isOwn && !differs && !isText(r.body) && !isAPI(r.address.Path):
		r.add("visitors", "if the response never depends on the visitor, send Cache-Control: max-age=0, s-maxage=60 without Vary: Cookie",
			"%d visitors, %d renderings, and the answers were equal", visitors, visitors)
	case !isOwn && differs && isStored(r.first.header):
		r.add("visitors", "send Cache-Control: private and Vary: Cookie, so that no visitor is shown the content of another",
			"the answers to %d visitors differ, and one of them is stored for all", visitors)
	}
}

// isForOneVisitor reports whether a response is rendered for each visitor.
func isForOneVisitor(header http.Header) bool {
	cacheControl := directives(header, "Cache-Control")
	return cacheControl["private"] || cacheControl["no-store"] || directives(header, "Vary")["cookie"]
}

// directives returns the names in a list, in lower case.
func directives(header http.Header, field string) map[string]bool {
	names := make(map[string]bool)
	for _, line := range header.Values(field) {
		for directive := range strings.SplitSeq(line, ",") {
			name, _, _ := strings.Cut(directive, "=")
			names[strings.ToLower(strings.TrimSpace(name))] = true
		}
	}
	return names
}

// newSession returns a session as a site makes it.
func newSession() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
