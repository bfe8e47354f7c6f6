package composer

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// serve answers a visitor with a document, or with as much of it as was asked
// for (RFC 9110 §13 and §14).
func (p *proxy) serve(w http.ResponseWriter, r *http.Request, answer *response, u use) {
	switch {
	case answer.isHandedOn():
		p.goOn(w, r, answer, u)
	case answer.isESI() && !p.delegates(r, answer):
		p.complete(w, r, answer, u)
	case answer.coming != nil:
		p.serveComing(w, r, answer, u)
	default:
		p.serveWhole(w, r, answer, u)
	}
}

// serveComing answers with a document that is still coming: as it comes, unless
// less than all of it is wanted.
func (p *proxy) serveComing(w http.ResponseWriter, r *http.Request, answer *response, u use) {
	current := has(r, answer)
	if current || r.Method == http.MethodHead || asksForPart(r, answer) || answer.isESI() {
		whole, err := answer.whole(r.Context())
		if err == nil {
			p.serveWhole(w, r, whole, u)
			return
		}
		if !errors.Is(err, stream.ErrNotKept) {
			p.failed(w, r, err)
			return
		}
	}
	p.tell(w, r, answer, u)
	if current {
		tellNotModified(w)
		return
	}
	trails := r.Method != http.MethodHead && mayHaveTrailers(r)
	if trails {
		announceTrailer(w.Header(), answer.coming.announced)
	}
	w.WriteHeader(answer.status)
	if r.Method == http.MethodHead {
		return
	}
	if err := answer.coming.body.CopyTo(r.Context(), w); err != nil {
		p.logBroken(r, err)
		panic(http.ErrAbortHandler)
	}
	if trails {
		sendTrailer(w, answer.coming.body.Trailer())
	}
}

// logBroken tells the operator why a visitor has a part of a document.
func (p *proxy) logBroken(r *http.Request, err error) {
	if r.Context().Err() == nil {
		p.options.Logger.Warn("document broke off", "path", r.URL.Path, "err", err)
	}
}

func (p *proxy) serveWhole(w http.ResponseWriter, r *http.Request, answer *response, u use) {
	p.tell(w, r, answer, u)
	switch {
	case has(r, answer):
		tellNotModified(w)
	case asksForPart(r, answer):
		servePart(w, r, answer)
	default:
		p.writeWhole(w, r, answer)
	}
}

// writeWhole answers with a body, and with the trailer of an answer that was not
// stored, which needs chunks.
func (p *proxy) writeWhole(w http.ResponseWriter, r *http.Request, answer *response) {
	trailer := answer.trailer()
	if r.Method == http.MethodHead || !mayHaveTrailers(r) {
		trailer = nil
	}
	switch {
	case trailer != nil:
		announceTrailer(w.Header(), trailer)
	case hasBody(answer.status):
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(answer.body))}
	}
	w.WriteHeader(answer.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(answer.body)
		sendTrailer(w, trailer)
	}
}

// tell gives a visitor the header of a document.
func (p *proxy) tell(w http.ResponseWriter, r *http.Request, answer *response, u use) {
	h, header := w.Header(), answer.header.Header()
	p.tellHeader(r, h, header)
	u.tell(h, header)
	if _, typed := h["Content-Type"]; !typed {
		h["Content-Type"] = nil // or net/http would guess one
	}
}

// has reports whether a visitor has the document that they ask for.
func has(r *http.Request, answer *response) bool {
	return answer.ok() && header.ClientHasCurrent(r.Header, answer.header)
}

// goOn hands an answer on that has begun.
func (p *proxy) goOn(w http.ResponseWriter, r *http.Request, answer *response, u use) {
	rest := answer.coming.rest
	u.tell(rest.Header, rest.Header)
	if rest.StatusCode == http.StatusOK && header.ClientHasCurrent(r.Header, header.NewCompact(rest.Header)) {
		_ = rest.Body.Close()
		p.tellHeader(r, w.Header(), rest.Header)
		tellNotModified(w)
		return
	}
	p.handOn(w, r, rest)
}

// tellHeader gives a visitor the header of an answer. What they are told already
// stays; only Vary grows.
func (p *proxy) tellHeader(r *http.Request, visitor, answer http.Header) {
	header.Merge(visitor, answer)
	header.RemoveComposerFields(visitor)
	p.tellSurrogate(r, visitor, answer[header.SurrogateControl], header.HoldsForDocument)
}

// tellNotModified answers 304, with what a 200 would say except for what is
// about its body (RFC 9110 §15.4.5).
func tellNotModified(w http.ResponseWriter) {
	for _, name := range header.BodyFields {
		delete(w.Header(), name)
	}
	delete(w.Header(), "Content-Type")
	w.WriteHeader(http.StatusNotModified)
}

// complete answers with the page that a template makes.
func (p *proxy) complete(w http.ResponseWriter, r *http.Request, template *response, u use) {
	if u.forward == "" && !p.fromSurrogate(r) {
		if done, err := p.replay(w, r, template, time.Now()); done {
			_ = sent(err)
			return
		}
	}
	v := p.visit(r, nil)
	defer v.end()
	if p.fromSurrogate(r) {
		out := v.open(w, template, u)
		out.control = template.header.Values(header.SurrogateControl)
		out.personal = true // it is not like the page of others
		if err := v.page(out); err != nil {
			p.fail(w, r, err)
		}
		return
	}
	if err := v.complete(w, template, u); err != nil {
		p.fail(w, r, err)
	}
}

func hasBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}
