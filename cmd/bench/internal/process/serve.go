package process

import (
	"errors"
	"io"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
)

// A Greeting is the reply of a server to the order Greet, its first.
type Greeting struct {
	Address string // of its listener
	Epoch   string // of the live connections; "none" without a hub
	Hello   string // message that each WebSocket client has to send first; empty: none
}

// Serve takes orders from the process that started this one. The methods of the
// receiver are those of [net/rpc], and one of them is Greet with a [Greeting] as
// the reply. Serve returns when stdin ends.
func Serve(receiver any) error {
	orders := rpc.NewServer()
	if err := orders.RegisterName(service, receiver); err != nil {
		return err
	}
	orders.ServeCodec(jsonrpc.NewServerCodec(pipe{os.Stdin, os.Stdout}))
	return nil
}

// service is the name before each method.
const service = "Server"

// A pipe is a connection of two halves.
type pipe struct {
	io.ReadCloser
	io.WriteCloser
}

// Close closes both halves.
func (p pipe) Close() error { return errors.Join(p.ReadCloser.Close(), p.WriteCloser.Close()) }
