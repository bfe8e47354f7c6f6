// Package wsclient is thousands of pages with a live connection each: WebSocket
// clients with just enough code to answer pings, apply updates and come back.
//
//	clients, err := wsclient.New(10000)
//	defer clients.Close()
//	err = clients.Connect(ctx, 10000, wsclient.Target{Address: address, Epoch: epoch, Views: 8})
//	watch := clients.Expect(17, 1) // revision 17 of the first view
//	change(17)
//	err = clients.Await(ctx, 10*time.Second, 10000)
//	fmt.Println(report.SpreadOf(watch.Times).P99())
//
// All clients live in the goroutine that calls [Clients.Run], directly or through
// Connect and Await. Between two calls they stand still and answer no pings. The
// methods of Clients are not safe for concurrent use.
package wsclient
