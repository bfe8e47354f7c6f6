package hub

import (
	"selvedge/composer/htmltag"

	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// runAction runs the action of an HTML client as a form request to
// Options.Actions. A success is not answered, because its changes come back as
// an invalidation; a refusal is shown as an alert.
func (c *connection) runAction(b []byte) {
	if c.client == nil {
		c.alert(errBadMessage.Error())
		return
	}
	ctx, cancel := context.WithTimeout(c.hub.ctx, c.hub.options.Timeout)
	defer cancel()
	r, err := c.client.newRequest(ctx, b)
	if err != nil {
		c.alert(err.Error())
		return
	}
	answer := &responseRecorder{header: make(http.Header)}
	done := make(chan error)
	go func() { // on its own stack, because the reader would keep a grown stack
		done <- c.hub.callRecovering("action", func() { c.hub.options.Actions.ServeHTTP(answer, r) })
	}()
	switch err := <-done; {
	case err != nil:
		c.alert(alertResponseLost)
	case answer.status >= 400:
		c.alert(answer.plainText())
	}
}

// A client holds the parts of a handshake that identify the browser. Actions
// are requests of this browser. A JSON client has a Conversation alone.
type client struct {
	host, cookie, origin, address string
	secure                        bool // by https
	conversation                  Conversation
}

func newClient(r *http.Request, cookies []string) *client {
	return &client{
		// Clones do not keep the handshake's whole header alive.
		host:    strings.Clone(r.Host),
		cookie:  strings.Clone(keepCookies(strings.Join(r.Header.Values("Cookie"), "; "), cookies)),
		origin:  strings.Clone(r.Header.Get("Origin")),
		address: r.RemoteAddr,
		secure:  r.TLS != nil,
	}
}

// keepCookies returns the cookies of a Cookie field with the given names.
// Without names, or with the name "*", it returns all.
func keepCookies(field string, names []string) string {
	if len(names) == 0 || slices.Contains(names, "*") {
		return field
	}
	var kept []string
	for pair := range strings.SplitSeq(field, ";") {
		pair = strings.TrimSpace(pair)
		if name, _, _ := strings.Cut(pair, "="); slices.Contains(names, name) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "; ")
}

var errBadMessage = errors.New("message is not understood")

// alertResponseLost is the alert for an action that was started and has no
// response.
const alertResponseLost = "The answer to this was lost. Please load the page again to see whether it was done."

// newRequest returns the request of a message: a JSON object of form fields, as
// written by hx-ws:send and ws-send.
//   - _action holds method and path.
//   - HEADERS or headers holds the headers added by htmx; only Idempotency-Key
//     is used.
func (cl *client) newRequest(ctx context.Context, b []byte) (*http.Request, error) {
	fields, err := formFields(b)
	if err != nil {
		return nil, errBadMessage
	}
	form := make(url.Values)
	var key string
	for name, value := range fields {
		if headers, ok := value.(map[string]any); ok && (name == "HEADERS" || name == "headers") {
			key = idempotencyKey(headers)
			continue
		}
		values, err := formValues(value)
		if err != nil {
			return nil, err
		}
		form[name] = values
	}
	method, target, err := parseAction(form.Get("_action"))
	if err != nil {
		return nil, err
	}
	form.Del("_action")
	r, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errBadMessage
	}
	cl.setCredentials(r, key)
	return r, nil
}

// setCredentials makes r a request of the client's browser.
func (cl *client) setCredentials(r *http.Request, key string) {
	r.Host, r.RemoteAddr = cl.host, cl.address
	if cl.secure {
		r.TLS = &tls.ConnectionState{}
	}
	r.RequestURI = r.URL.RequestURI()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/html")
	r.Header.Set("HX-Request", "true")
	for name, value := range map[string]string{"Cookie": cl.cookie, "Origin": cl.origin, "Idempotency-Key": key} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
}

// parseAction splits the value of _action into method and path. It refuses
//   - methods except POST, PATCH and DELETE;
//   - paths outside of /api/.
func parseAction(s string) (method, target string, err error) {
	method, target, _ = strings.Cut(s, " ")
	u, err := url.ParseRequestURI(target)
	switch {
	case err != nil,
		u.Host != "" || u.Scheme != "",
		!strings.HasPrefix(u.Path, "/api/") || path.Clean(u.Path) != u.Path,
		!slices.Contains([]string{http.MethodPost, http.MethodPatch, http.MethodDelete}, method):
		return "", "", errors.New("this action is not allowed")
	}
	return method, target, nil
}

func idempotencyKey(headers map[string]any) string {
	for name, value := range headers {
		if key, ok := value.(string); ok && strings.EqualFold(name, "Idempotency-Key") {
			return key
		}
	}
	return ""
}

// formFields returns the members of a JSON object. Numbers keep their notation.
func formFields(b []byte) (fields map[string]any, err error) {
	if !json.Valid(b) {
		return nil, errBadMessage
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&fields)
	return fields, err
}

// formValues returns the values of a form field from JSON.
func formValues(value any) ([]string, error) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var all []string
	for _, v := range list {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case bool, json.Number:
			all = append(all, fmt.Sprint(v))
		default:
			return nil, errBadMessage
		}
	}
	return all, nil
}

// maxRecordedBody is the size limit of a recorded response to an action, in
// bytes.
const maxRecordedBody = 16 << 10

// maxAlertText is the length limit of an alert, in characters.
const maxAlertText = 300

// A responseRecorder records the response to an action.
type responseRecorder struct {
	header http.Header
	status int
	body   []byte
}

func (r *responseRecorder) Header() http.Header { return r.header }

func (r *responseRecorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
}

func (r *responseRecorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	r.body = append(r.body, b[:min(len(b), maxRecordedBody-len(r.body))]...)
	return len(b), nil
}

// plainText returns the text of the response without markup, up to
// maxAlertText, or the text of its status.
func (r *responseRecorder) plainText() string {
	words := strings.Fields(html.UnescapeString(string(htmltag.WithoutTags(r.body))))
	text := []rune(strings.ToValidUTF8(strings.Join(words, " "), ""))
	switch {
	case len(text) == 0:
		return http.StatusText(r.status)
	case len(text) > maxAlertText:
		return string(text[:maxAlertText-1]) + "…"
	}
	return string(text)
}
