//go:build linux

package wsclient

import "syscall"

// ChooseSlowReaders marks one client of so many as a slow reader, and at least
// one client in all. The last view of their pages is personal from the next
// connection on.
func (cs *Clients) ChooseSlowReaders(oneOf int) []*Client {
	var slow []*Client
	for i := range cs.clients {
		if i%oneOf == oneOf/2 || len(cs.clients) < oneOf && i == 0 {
			cs.clients[i].slow = true
			slow = append(slow, &cs.clients[i])
		}
	}
	return slow
}

// StopReading has connected clients read no more.
func (cs *Clients) StopReading(clients []*Client) error {
	for _, c := range clients {
		if err := cs.control(syscall.EPOLL_CTL_DEL, c, 0); err != nil {
			return err
		}
	}
	return nil
}

// ResumeReading has clients read again, from where they stopped.
func (cs *Clients) ResumeReading(clients []*Client) error {
	for _, c := range clients {
		if err := cs.control(syscall.EPOLL_CTL_ADD, c, openEvents); err != nil {
			return err
		}
	}
	return nil
}
