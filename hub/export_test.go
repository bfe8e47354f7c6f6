package hub

import (
	"context"
	"net/http"
)

// Action is what a client without a history makes of a message.
func Action(ctx context.Context, message []byte) (*http.Request, error) {
	return new(client).newRequest(ctx, message)
}

// ActionOf is what a client makes of a message that came with this handshake.
func ActionOf(handshake *http.Request, message []byte) (*http.Request, error) {
	return newClient(handshake, nil).newRequest(handshake.Context(), message)
}
