package fragments

import (
	"net/http"
	"strings"

	"github.com/dunglas/httpsfv"
)

// maxKey is the limit of an idempotency key, in bytes.
const maxKey = 200

// Key returns the idempotency key of the request: its Idempotency-Key header, as a quoted
// structured field or bare. The key is empty if the header is absent. The error is a
// *Problem for these headers:
//
//   - a malformed header;
//   - an empty key, or a key of more than 200 bytes;
//   - more than one header.
func Key(r *http.Request) (string, error) {
	lines := r.Header.Values("Idempotency-Key")
	if len(lines) == 0 {
		return "", nil
	}
	key := lines[0]
	if strings.HasPrefix(key, `"`) {
		item, err := httpsfv.UnmarshalItem(lines)
		if err != nil {
			return "", badRequest("The header Idempotency-Key does not parse.", err)
		}
		key, _ = item.Value.(string)
	}
	if len(lines) > 1 || key == "" || len(key) > maxKey {
		return "", badRequest("The header Idempotency-Key must be one key of 1 to 200 bytes.", nil)
	}
	return key, nil
}
