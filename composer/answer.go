package composer

import (
	"maps"
	"net/http"
)

// answerWriter is the ResponseWriter that a fragment answers a form or an API
// call with. It takes out what is between the fragment and us, keeps back an
// answer that is to be shown in a page, and can undo one that did not begin.
type answerWriter struct {
	http.ResponseWriter
	before http.Header // the header when the fragment was asked
	limit  int
	status int       // 0: nothing was answered
	shown  *recorder // the answer kept back, or nil
}

func newAnswerWriter(w http.ResponseWriter, limit int) *answerWriter {
	return &answerWriter{ResponseWriter: w, before: w.Header().Clone(), limit: limit}
}

func (w *answerWriter) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	if status < 200 {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.status = status
	if status >= 400 && status < 500 && isShown(w.Header()) {
		w.shown = newRecorder(w.limit)
		return
	}
	dropPrivate(w.Header())
	if own := w.before["Set-Cookie"]; own != nil {
		w.Header()["Set-Cookie"] = own
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.shown != nil {
		return w.shown.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

// begun reports whether anything has left for the browser.
func (w *answerWriter) begun() bool { return w.status != 0 && w.shown == nil }

// undo puts the header back to what it was, so that something else can be
// answered.
func (w *answerWriter) undo() {
	clear(w.Header())
	maps.Copy(w.Header(), w.before)
}

// Unwrap is for http.ResponseController.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
