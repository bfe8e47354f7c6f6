// Package tcpsocket opens, reads and resets TCP connections by their
// descriptors, for clients that wait for thousands of connections with epoll(7)
// in a single goroutine:
//
//	fd, err := tcpsocket.Dial(i, server) // wait for EPOLLOUT, then
//	err = tcpsocket.DialError(fd)        // wait for EPOLLIN, then
//	n, err := tcpsocket.Read(fd, buffer)
//	tcpsocket.Reset(fd)
package tcpsocket
