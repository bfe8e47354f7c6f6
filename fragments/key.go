package fragments

import (
	"net/http"
	"strings"

	"github.com/dunglas/httpsfv"
)

// maxKey is the most bytes of an idempotency key.
const maxKey = 200

// Key returns the request's idempotency key: its Idempotency-Key header, as a
// quoted structured field or bare. It is empty if there is no such header, and
// a *Problem if it does not parse or is longer than 200 bytes.
func Key(r *http.Request) (string, error) {
	lines := r.Header.Values("Idempotency-Key")
	if len(lines) == 0 {
		return "", nil
	}
	key := lines[0]
	if strings.HasPrefix(key, `"`) {
		item, err := httpsfv.UnmarshalItem(lines)
		if err != nil {
			return "", malformed("The header Idempotency-Key does not parse.", err)
		}
		key, _ = item.Value.(string)
	}
	if len(lines) > 1 || key == "" || len(key) > maxKey {
		return "", malformed("The header Idempotency-Key must be one key of 1 to 200 bytes.", nil)
	}
	return key, nil
}
