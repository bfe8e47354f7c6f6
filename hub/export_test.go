package hub

import (
	"context"
	"net/http"
)

// Action is what a client without a history makes of a message.
func Action(ctx context.Context, message []byte) (*http.Request, error) {
	return new(client).request(ctx, message)
}
