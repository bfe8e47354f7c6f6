package cart

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
)

// linkField is the field of an order's address that has the signature.
const linkField = "key"

// orderLink returns the address by which everybody sees an order, also when the
// session is over in which it was placed.
func (h handlers) orderLink(id string) string {
	return "/orders/" + url.PathEscape(id) + "?" + linkField + "=" + h.sign(id)
}

func (h handlers) sign(id string) string {
	mac := hmac.New(sha256.New, h.linkKey)
	mac.Write([]byte(id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// isSigned compares in constant time, so that the time of an answer tells nothing of
// the signature.
func (h handlers) isSigned(id, signature string) bool {
	return hmac.Equal([]byte(signature), []byte(h.sign(id)))
}
