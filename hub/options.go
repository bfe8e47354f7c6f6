package hub

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime"
	"time"
)

// Options are the settings of a [Hub]. The zero value works: it has no limits
// and takes neither actions nor JSON clients.
type Options struct {
	// Epoch names the life of the data's version numbers. A page that was
	// rendered in another epoch is sent all its views. Processes that share
	// page tokens need the same. Default: that of the Pages, if these have a
	// method Epoch, and otherwise random.
	Epoch string

	// Broker carries invalidations between processes. Default: a [Local],
	// which reaches this process only.
	Broker Broker

	// Logger is told of fragments that fail or that no client could use.
	// Default: [slog.Default].
	Logger *slog.Logger

	// Origins are the origins besides the request's own whose pages may
	// connect, such as "https://shop.example". Behind a proxy that ends TLS
	// the public origin must be listed: the hub believes no forwarding
	// headers. An origin that is listed can act with the rights of its
	// visitors (cross-site WebSocket hijacking).
	Origins []string

	// Limits; 0 means none. What goes over them is told to come back later.
	PerSession       int // connections of one session that last: no polls
	PerAddress       int // such connections of one IPv4 address or IPv6 /64 network, by http.Request.RemoteAddr
	Views            int // views of one connection
	AcceptsPerSecond int // connections accepted in a second, with a burst of as many

	// Ping is the time between two pings of a connection, which may bring a
	// new token with them. Default: 25 s; negative: neither.
	Ping time.Duration

	// Pong is the time in which a ping must be answered; it is below Ping.
	// Default: 10 s, or half of Ping where that is less.
	Pong time.Duration

	// Idle ends a connection that has given no sign of life for so long;
	// answers to pings are such signs. Default: 30 min; negative: never.
	Idle time.Duration

	// Stall is the time in which a client must take what is written to it.
	// Default: 10 s.
	Stall time.Duration

	// Tick is the least time between two rounds of writing under load.
	// Default: 20 ms.
	Tick time.Duration

	// Hold is how long a change waits for the other views that the same
	// invalidation changed. Default: 1 s.
	Hold time.Duration

	// Timeout bounds one call of [Pages.Fetch], and one action. Default:
	// 10 s.
	Timeout time.Duration

	// Fetches is how many views are fetched at the same time. Default: 256.
	Fetches int

	// Workers is how many goroutines write to connections. Default: one for
	// each processor in use.
	Workers int

	// Cookies are the names of the cookies of a handshake that its actions
	// need; "*" is all of them. The others are not kept. Default: all.
	Cookies []string

	// Actions runs what HTML clients send over the socket; see the package
	// documentation. Nil: every such message is refused.
	Actions http.Handler

	// Protocol is what JSON clients speak. Nil: there are none.
	Protocol Protocol
}

// epochSource are Pages that know the epoch which they write into page tokens.
type epochSource interface{ Epoch() string }

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

// setDefault sets an option that is zero.
func setDefault[T comparable](option *T, value T) {
	var zero T
	if *option == zero {
		*option = value
	}
}
