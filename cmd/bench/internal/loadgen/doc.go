// Package loadgen generates load on an HTTP server: a number of connections, each
// of which requests a page again as soon as the response is complete.
//
//	if err := loadgen.Verify(ctx, "http://"+server+path, want); err != nil {
//		return err // another page
//	}
//	sample, err := loadgen.Run(ctx, loadgen.Load{
//		Connections: 32, Server: server, Path: path, BodySize: len(want),
//		WarmUp: 150 * time.Millisecond, Duration: time.Second,
//		ServerPID: pid, OriginPID: pid,
//	})
//	fmt.Println(sample.Rate(), "pages per second")
//
// All connections are served by the calling goroutine, with as few system calls
// as possible, so that the server has the rest of the machine.
package loadgen
