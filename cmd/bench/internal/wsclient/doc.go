// Package wsclient is thousands of pages with a live connection each: WebSocket
// clients that answer pings, apply updates and come back, and no more than that.
//
//	clients, err := wsclient.New(10000)
//	defer clients.Close()
//	err = clients.Connect(ctx, 10000, wsclient.Target{Address: address, Epoch: epoch, Views: 8})
//	watch := clients.Expect(17, 1) // revision 17 of the first view
//	change(17)
//	err = clients.Await(ctx, 10*time.Second, 10000)
//	fmt.Println(report.SpreadOf(watch.Times))
//
// All clients live in the goroutine that calls [Clients.Run], on which the other
// waits are built. Between two calls they stand still, and the server is not
// answered. No method may be called from another goroutine.
package wsclient
