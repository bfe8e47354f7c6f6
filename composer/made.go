package composer

import (
	"sync"
	"unsafe"
)

// made are answers that were made of another one, by what tells them apart:
// the id of the element that they have of it, or their charset.
type made struct {
	mu     sync.Mutex
	byName map[string]*response
}

// maxMade bounds how many of them are kept with an answer.
const maxMade = 16

// answer returns an answer that is made of a body. It is made once, however
// often it is shown.
func (d *derived) answer(of *made, name string, create func() (*response, error)) (*response, error) {
	of.mu.Lock()
	defer of.mu.Unlock()
	if found := of.byName[name]; found != nil {
		return found, nil
	}
	found, err := create()
	if err != nil || len(of.byName) >= maxMade {
		return found, err
	}
	if of.byName == nil {
		of.byName = make(map[string]*response)
	}
	of.byName[name] = found
	d.more().grown.Store(true)
	return found, nil
}

func (m *made) weight() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byName == nil {
		return 0
	}
	weight := mapped(m.byName)
	for name, found := range m.byName {
		weight += len(name) + allocated(int(unsafe.Sizeof(*found))) + found.content()
	}
	return weight
}
