//go:build linux

// Command peers is a server of github.com/centrifugal/centrifuge by its tutorial,
// for comparison with the hub. cmd/bench starts it and gives it orders over stdin
// and stdout. It has a module of its own, so that importers of ours do not
// inherit its dependencies.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"time"

	"github.com/centrifugal/centrifuge"

	"selvedge/cmd/internal/footprint"
)

func main() {
	if err := run(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run() error {
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		return err
	}
	node.OnConnecting(connecting)
	if err := node.Run(); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{}),
		ReadHeaderTimeout: 5 * time.Second,
	}
	go func() { _ = server.Serve(listener) }()
	orders := rpc.NewServer()
	if err := orders.RegisterName("Server", &Server{node: node, address: listener.Addr().String()}); err != nil {
		return err
	}
	orders.ServeCodec(jsonrpc.NewServerCodec(pipe{os.Stdin, os.Stdout}))
	return nil
}

// views is the number of channels of a page.
const views = 8

func channel(view int) string { return fmt.Sprint("product:", view) }

// connecting accepts all clients, and subscribes them on the server's side.
func connecting(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	subscriptions := make(map[string]centrifuge.SubscribeOptions, views)
	for i := range views {
		subscriptions[channel(i)] = centrifuge.SubscribeOptions{}
	}
	return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{}, Subscriptions: subscriptions}, nil
}

// Server takes the orders of cmd/bench. Its methods are orders of a live server
// there.
type Server struct {
	node    *centrifuge.Node
	address string
	footprint.Service
}

// Greeting is the reply to Greet: the address of the server, its epoch, and the
// first message of each client.
type Greeting struct{ Address, Epoch, Hello string }

// Greet replies when the server listens.
func (s *Server) Greet(_ struct{}, reply *Greeting) error {
	*reply = Greeting{s.address, "none", `{"id":1,"connect":{}}`}
	return nil
}

// A Change is new content for the first views of all pages.
type Change struct {
	Views    int
	Revision int64
	Size     int // of a view, in bytes
}

// Change publishes the views of a change.
func (s *Server) Change(c Change, _ *struct{}) error {
	for i := range c.Views {
		html := fmt.Sprintf("<div id='view-%d' data-revision='%d'>", i, c.Revision)
		message, err := json.Marshal(struct {
			HTML string `json:"html"`
		}{pad(html, c.Size)})
		if err != nil {
			return err
		}
		if _, err := s.node.Publish(channel(i), message); err != nil {
			return err
		}
	}
	return nil
}

// pad fills an element up to its size.
func pad(html string, size int) string {
	const end = "</div>"
	for len(html)+len(end) < size {
		html += "."
	}
	return html + end
}

// pipe is a connection of two halves.
type pipe struct {
	io.ReadCloser
	io.WriteCloser
}

// Close closes both halves.
func (p pipe) Close() error { return errors.Join(p.ReadCloser.Close(), p.WriteCloser.Close()) }
