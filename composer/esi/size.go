package esi

import "unsafe"

// patternSize is the approximate size of a short regular expression, in bytes.
const patternSize = 900

// Size returns the approximate memory size of a program in bytes, without the page
// itself. The size of nil is 0.
func (p *Program) Size() int {
	if p == nil {
		return 0
	}
	size := int(unsafe.Sizeof(*p)) + sizeOf(p.Segments)
	for _, w := range p.Warnings {
		size += int(unsafe.Sizeof(w)) + len(w.Text) + len(w.Advice)
	}
	return size
}

func sizeOf(segments []Segment) int {
	size := 0
	for i := range segments {
		size += int(unsafe.Sizeof(segments[i])) + segments[i].size()
	}
	return size
}

// size returns the size of the segment's content, except text.
func (s *Segment) size() int {
	switch {
	case s.Include != nil:
		i := s.Include
		return int(unsafe.Sizeof(*i)) + i.Src.size() + i.Alt.size() + i.Fallback.Size()
	case s.Variable != nil:
		return s.Variable.size()
	case s.Try != nil:
		return int(unsafe.Sizeof(*s.Try)) + s.Try.Attempt.Size() + s.Try.Except.Size()
	case s.Choose != nil:
		size := int(unsafe.Sizeof(*s.Choose)) + s.Choose.Otherwise.Size()
		for _, w := range s.Choose.When {
			size += int(unsafe.Sizeof(w)) + w.Test.size() + w.Program.Size()
		}
		return size
	}
	return 0
}

func (v *Variable) size() int {
	return int(unsafe.Sizeof(*v)) + len(v.Name) + len(v.Key) + len(v.Default)
}

func (e *Expression) size() int {
	if e == nil {
		return 0
	}
	return int(unsafe.Sizeof(*e)) + sizeOfNode(e.root)
}

func sizeOfNode(n node) int {
	size := 0
	switch n := n.(type) {
	case literal:
		size = int(unsafe.Sizeof(n)) + len(n.text)
	case variable:
		size = (*Variable)(&n).size()
	case not:
		size = int(unsafe.Sizeof(n)) + sizeOfNode(n.node)
	case all:
		size = sizeOfNodes(n)
	case some:
		size = sizeOfNodes(n)
	case comparison:
		size = int(unsafe.Sizeof(n)) + sizeOfNode(n.first)
		for _, c := range n.rest {
			size += int(unsafe.Sizeof(c)) + sizeOfNode(c.node)
			if c.pattern != nil {
				size += patternSize
			}
		}
	}
	return size
}

func sizeOfNodes(nodes []node) int {
	size := int(unsafe.Sizeof(nodes))
	for _, n := range nodes {
		size += int(unsafe.Sizeof(n)) + sizeOfNode(n)
	}
	return size
}

func (v Value) size() int {
	size := len(v.text) + len(v.part) + sizeOf(v.segments)
	for i := range v.segments {
		size += len(v.segments[i].Text)
	}
	return size
}
