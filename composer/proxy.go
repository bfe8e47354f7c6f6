package composer

import (
	"net/http"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/proxy"
)

// Proxy serves the documents of Options.Origin. It is a gateway with a shared cache (RFC
// 9110 §3.7, RFC 9111): a stored response is used as far as RFC 9111 allows it. Any other
// request is passed through and streamed, with WebSockets, trailers and informational
// responses. A document that is a template is completed.
//
// The origin receives the header of a request except the fields about the connection, and
// the visitor's Host. X-Forwarded-For, -Host and -Proto identify the visitor, whatever the
// request had in them.
//
// Proxy panics if the composer has no Options.Origin.
func (c *Composer) Proxy() http.Handler {
	if c.resolver.Origin == nil {
		panic("composer: Proxy needs Options.Origin, the server that it stands in front of")
	}
	o := c.options
	var client http.RoundTripper = c.client.WithHeaderTimeout(o.ActionTimeout)
	if o.NetHTTP {
		client = c.passthrough
	}
	return proxy.New(proxy.Options{
		PageTimeout: o.PageTimeout, ActionTimeout: o.ActionTimeout, MaxFragment: o.MaxFragment,
		ObeyRequestCacheControl: o.ObeyRequestCacheControl, Surrogates: o.Surrogates, Logger: o.Logger,
		Origin: c.resolver.Origin, Fetcher: c.fetcher, Pages: c.pages,
		Client: client, Transport: c.passthrough,
		ClientAddress: c.clientOf, Fail: c.fail,
		Invalidate: func(p cache.Purge) { c.invalidate(p) },
	})
}
