package hub

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/coder/websocket"
)

// callRecovering calls what is not the hub's: its handlers and its interfaces. A panic
// in it becomes an error, because the hub calls them on goroutines where nobody
// else recovers. Panics are logged, but for http.ErrAbortHandler, with which a
// handler says that its response was cut.
func (h *Hub) callRecovering(what string, call func()) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, _ = p.(error); !errors.Is(err, http.ErrAbortHandler) {
			h.options.Logger.Error("panic", "in", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
		err = fmt.Errorf("hub: %s panicked: %v", what, p)
	}()
	call()
	return nil
}

// closeAfterPanic closes the connection after a panic. The client may come back.
func (c *connection) closeAfterPanic() { c.closeWith(websocket.StatusInternalError, "internal error") }
