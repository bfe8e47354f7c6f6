// Package process runs servers in processes of their own, so that their memory
// and processor time can be told from those of the clients.
//
// A [Server] is this program, or a peer that speaks the same protocol. It takes
// orders as JSON-RPC over stdin and stdout until stdin ends:
//
//	server, err := process.StartSelf(ctx, os.Stderr, "serve-live")
//	defer server.Kill()
//	var usage time.Duration
//	err = server.Call("Usage", nil, &usage)
//
// The started process calls [Serve] with the methods to order. Greet is required.
//
// A [Daemon] is any other program. It is ready once its address accepts
// connections.
package process
