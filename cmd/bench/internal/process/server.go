package process

import (
	"context"
	"fmt"
	"io"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"os/exec"
	"time"
)

// Timeout is the longest time that a server may take to start, and to carry out
// an order.
const Timeout = 30 * time.Second

// A Server is a process that takes orders.
type Server struct {
	Greeting Greeting
	command  *exec.Cmd
	client   *rpc.Client
}

// StartSelf starts this program with other arguments, and waits for its
// greeting. The process ends with the context.
func StartSelf(ctx context.Context, stderr io.Writer, args ...string) (*Server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return Start(exec.CommandContext(ctx, self, args...), stderr)
}

// Start starts a command, and waits for its greeting. The process writes errors
// to stderr, from a goroutine of its own unless stderr is a file.
func Start(command *exec.Cmd, stderr io.Writer) (*Server, error) {
	command.Stderr = stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start server process: %w", err)
	}
	s := &Server{command: command, client: jsonrpc.NewClient(pipe{out, in})}
	if err := s.Call("Greet", nil, &s.Greeting); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

// PID returns the id of the process.
func (s *Server) PID() int { return s.command.Process.Pid }

// Call orders a method and waits for the reply. A nil argument is an empty
// struct; a nil reply is not read. It is an error if the method fails, or if the
// server has ended or needs longer than [Timeout].
func (s *Server) Call(method string, argument, reply any) error {
	return s.order(method, argument, reply).Wait()
}

// Go orders a method and does not wait for it.
func (s *Server) Go(method string, argument any) *Order { return s.order(method, argument, nil) }

func (s *Server) order(method string, argument, reply any) *Order {
	if argument == nil {
		argument = struct{}{}
	}
	if reply == nil {
		reply = new(struct{})
	}
	return &Order{s.client.Go(service+"."+method, argument, reply, make(chan *rpc.Call, 1))}
}

// An Order is a method that the server carries out.
type Order struct{ call *rpc.Call }

// Done reports whether [Order.Wait] returns at once.
func (o *Order) Done() bool { return len(o.call.Done) > 0 }

// Wait waits for the end of the method and returns its error. It may be called
// once, and gives up after [Timeout].
func (o *Order) Wait() error {
	select {
	case <-o.call.Done:
	case <-time.After(Timeout):
		return fmt.Errorf("%s: the server did not answer within %v", o.call.ServiceMethod, Timeout)
	}
	if o.call.Error != nil {
		return fmt.Errorf("%s: %w", o.call.ServiceMethod, o.call.Error)
	}
	return nil
}

// Kill ends the process with SIGKILL, and waits for its end.
func (s *Server) Kill() {
	_ = s.command.Process.Kill()
	_ = s.client.Close()
	_ = s.command.Wait()
}
