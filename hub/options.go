package hub

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime"
	"time"
)

// Options are the settings of a [Hub]. The zero value works: there are no
// limits, and neither actions nor JSON clients are served.
type Options struct {
	// Epoch names the lifetime of the data's version numbers. A page of another
	// epoch is sent all its views. Processes that share page tokens need the
	// same epoch. Default: the epoch of the Pages, if they have a method Epoch,
	// and otherwise random.
	Epoch string

	// Broker carries invalidations between processes. Default: a [Local], for
	// this process only.
	Broker Broker

	// Logger logs
	//   - fragments that fail or that clients cannot use;
	//   - invalidations that cannot be published, and views that cannot be
	//     encoded;
	//   - connections, when refused and at their end;
	//   - panics in foreign code.
	//
	// Default: [slog.Default].
	Logger *slog.Logger

	// Origins are the origins, besides the request's own, whose pages may
	// connect, such as "https://shop.example". Behind a proxy that ends TLS the
	// public origin must be listed, because the hub ignores forwarding headers.
	// A listed origin can act with the rights of its visitors (cross-site
	// WebSocket hijacking).
	Origins []string

	// Limits; 0 means none. A client over a limit is told to connect again
	// later.
	PerSession       int // WebSockets and event streams of a session; polls are exempt
	PerAddress       int // the same for an IPv4 address or IPv6 /64 network, by http.Request.RemoteAddr
	Views            int // views of a connection
	AcceptsPerSecond int // connections accepted in a second, with a burst of the same number

	// Ping is the time between two pings of a connection. A ping may bring a
	// new token. Default: 25 s; negative: no pings, and no new tokens for
	// lasting connections.
	Ping time.Duration

	// Pong is the time in which a ping must be answered. It must be below Ping.
	// Default: 10 s, but at most half of Ping.
	Pong time.Duration

	// Idle is the time without a sign of life after which a connection is
	// closed. Responses to pings are signs of life. Default: 30 min; negative:
	// unlimited.
	Idle time.Duration

	// Stall is the time in which a client must take the bytes written to it.
	// Default: 10 s.
	Stall time.Duration

	// Tick is the least time between two rounds of writing under load. Default:
	// 20 ms.
	Tick time.Duration

	// Hold is the longest time a change waits for the remaining views changed
	// by the same invalidation. Default: 1 s.
	Hold time.Duration

	// Timeout bounds a call of [Pages.Fetch], and an action. Default: 10 s.
	Timeout time.Duration

	// Fetches is the number of concurrent fetches of views. Default: 256.
	Fetches int

	// Workers is the number of goroutines that write to connections. Default:
	// GOMAXPROCS.
	Workers int

	// Cookies are the names of the handshake's cookies needed by its actions;
	// "*" means all. The remaining cookies are not kept. Default: the names of
	// the Pages at the time of the handshake, if they have a method CookieNames,
	// and otherwise all.
	Cookies []string

	// Actions handles the actions of HTML clients, as sent by ws-send of htmx 2
	// and hx-ws:send of htmx 4: a JSON object of form fields with a field such
	// as
	//
	//	"_action": "POST /api/cart"
	//
	// The method is POST, PATCH or DELETE, and the path is below /api/. The
	// handler is called as if the browser of the handshake had sent the form.
	// Of the headers in HEADERS or headers only Idempotency-Key is used.
	//   - A success is not answered: its changes are invalidated.
	//   - A refusal, or a response cut short, is shown in the element with the
	//     id live-message.
	//
	// Nil: every action is refused.
	Actions http.Handler

	// Protocol is the protocol of JSON clients. Nil: JSON clients are not
	// served.
	Protocol Protocol
}

// An epochSource is a Pages with the epoch that it writes into page tokens.
type epochSource interface{ Epoch() string }

// A cookieSource is a Pages that knows the cookies needed by actions.
type cookieSource interface{ CookieNames() []string }

func (o Options) withDefaults(pages Pages) Options {
	if p, ok := pages.(epochSource); ok {
		o.Epoch = cmp.Or(o.Epoch, p.Epoch())
	}
	if o.Epoch == "" {
		o.Epoch = rand.Text()
	}
	if o.Broker == nil {
		o.Broker = new(Local)
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	setDefault(&o.Ping, 25*time.Second)
	setDefault(&o.Pong, min(10*time.Second, max(o.Ping, 0)/2))
	setDefault(&o.Idle, 30*time.Minute)
	setDefault(&o.Stall, 10*time.Second)
	setDefault(&o.Tick, 20*time.Millisecond)
	setDefault(&o.Hold, time.Second)
	setDefault(&o.Timeout, 10*time.Second)
	setDefault(&o.Fetches, 256)
	setDefault(&o.Workers, runtime.GOMAXPROCS(0))
	return o
}

// setDefault sets an option to value if it is zero.
func setDefault[T comparable](option *T, value T) {
	var zero T
	if *option == zero {
		*option = value
	}
}
