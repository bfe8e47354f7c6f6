// Package systemundertest is the servers of ours that are measured, each in a
// process of its own that is this program with a hidden command.
//
//	server, err := systemundertest.StartLive(ctx, os.Stderr, systemundertest.LiveOptions{
//		System: systemundertest.Hub, Address: "127.0.0.1:0", Revision: 1, Stall: 10 * time.Second,
//	})
//	defer server.Kill()
//	err = server.Call("Change", workload.Change{Views: 1, Revision: 2, Size: workload.ViewSize}, nil)
//
// All of them take the orders Greet, Usage, Settle and Profile. Orders of live
// servers ([StartLive]), of which peers take Change alone:
//
//	Change    workload.Change  changes views of all pages
//	BareLoop  workload.Change  writes the message of a change to all sockets
//	Renders                    int64: renderings since the start
//	Dropped                    int64: clients that the hub has given up since the start
//
// Orders of page servers ([StartPages]):
//
//	Requests                   int64: templates and fragments requested since the start
//	Allocations                uint64: heap objects allocated since the start
//	CacheMemory  int           [CacheMemory] of so many stored fragments
package systemundertest
