package document

import (
	"sync"
	"unsafe"

	"selvedge/composer/internal/cache"
)

// variants are responses derived from a response, by the id of their element or by their
// charset.
type variants struct {
	mu     sync.Mutex
	byName map[string]*cache.Response
}

// maxVariants limits the variants kept with a response.
const maxVariants = 16

// variant returns the variant with a name. Each variant is created once.
func (d *Document) variant(of *variants, name string, create func() (*cache.Response, error)) (*cache.Response, error) {
	of.mu.Lock()
	defer of.mu.Unlock()
	if found := of.byName[name]; found != nil {
		return found, nil
	}
	made, err := create()
	if err != nil || len(of.byName) >= maxVariants {
		return made, err
	}
	if of.byName == nil {
		of.byName = make(map[string]*cache.Response)
	}
	of.byName[name] = made
	d.makeArtifacts().grown.Store(true)
	return made, nil
}

func (v *variants) weight() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.byName == nil {
		return 0
	}
	weight := cache.MapWeight(v.byName)
	for name, r := range v.byName {
		weight += len(name) + cache.AllocatedSize(int(unsafe.Sizeof(*r))) + cache.AllocatedSize(cap(r.Body)) + Of(r).Weight()
	}
	return weight
}
