package page

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// AssetPath begins the path of a fragment's files.
const AssetPath = "/assets/"

// writeAsset writes a file of a fragment, compressed if the client gains from it. The
// cache keeps its bytes in no content coding, so the ETag of the fragment becomes weak,
// because it belongs to other bytes (RFC 9110 §8.8.1).
func (a *Assembler) writeAsset(w http.ResponseWriter, r *http.Request, response *cache.Response, status cache.Status) {
	w.Header().Del("Set-Cookie") // of a session
	h, body := response.Header.Header(), response.Body
	if a.isCompressibleAsset(response, h) {
		if tag := h.Get("Etag"); tag != "" && !strings.HasPrefix(tag, "W/") {
			h.Set("Etag", "W/"+tag)
		}
		h.Add("Vary", acceptEncoding[0])
		if header.AcceptsGzip(r.Header) {
			var j encoding.Joiner
			h["Content-Encoding"] = gzipCoding
			body = j.End(j.AppendBlock(j.Begin(nil), document.Of(response).Deflate(body)))
			a.reweighGrown(response)
		}
	}
	writeResponse(w, r, status, response.Status, h, body)
}

// isCompressibleAsset reports whether a file is compressed, as isCompressible does for a
// page.
func (a *Assembler) isCompressibleAsset(response *cache.Response, h http.Header) bool {
	return !a.options.NoGzip && response.Status == http.StatusOK && len(response.Body) >= minCompressed &&
		response.Policy.Flags&cachepolicy.NoTransform == 0 && header.IsText(h.Get("Content-Type"))
}

// writeResponse writes a response with header h.
func writeResponse(w http.ResponseWriter, r *http.Request, cacheStatus cache.Status, status int, h http.Header, body []byte) {
	cacheStatus.SetFields(w.Header(), h)
	header.CopyToBrowser(w.Header(), h)
	w.Header().Del("Content-Length") // net/http sets that of what it writes
	if status == http.StatusOK {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
