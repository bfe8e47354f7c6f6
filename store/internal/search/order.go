package search

// Order is how the products of a page are sorted.
type Order int

// The orders. Equal products stand in the order of their ids.
const (
	// ByRelevance is by how well the text is found and then by name. Without a
	// text it is by id.
	ByRelevance Order = iota
	ByPrice
	ByPriceDown
	ByName
	ByNewest
	orders
)

// page returns the ids of the page that the query asks for.
func (x *Index) page(q Query, m textMatch, found bitset, total int) []int64 {
	skip := (q.Page - 1) * q.PerPage
	ids := make([]int64, 0, max(0, min(q.PerPage, total-skip)))
	switch {
	case q.Order != ByRelevance:
		return x.pick(ids, x.orders[q.Order], found, skip)
	case len(m.readings) > 0:
		return x.pickRanked(ids, m, found, skip)
	}
	for slot := range found.slots() {
		if len(ids) == cap(ids) {
			break
		}
		if skip--; skip < 0 {
			ids = append(ids, x.ids[slot])
		}
	}
	return ids
}

// pick fills ids with those of the slots of a set, in order, after skipping some.
func (x *Index) pick(ids []int64, order []uint32, found bitset, skip int) []int64 {
	for _, slot := range order {
		if len(ids) == cap(ids) {
			break
		}
		if !found.has(slot) {
			continue
		}
		if skip--; skip < 0 {
			ids = append(ids, x.ids[slot])
		}
	}
	return ids
}

// pickRanked is pick in the order of ranks, and by name within a rank.
func (x *Index) pickRanked(ids []int64, m textMatch, found bitset, skip int) []int64 {
	ranks := make([]uint8, len(x.ids))
	var places [maxRank + 2]int // of the next slot of a rank, less skip
	for slot := range found.slots() {
		ranks[slot] = m.rank(slot)
		places[ranks[slot]+1]++
	}
	places[0] = -skip
	for i := range maxRank + 1 {
		places[i+1] += places[i]
	}
	ids = ids[:cap(ids)]
	left := len(ids)
	for _, slot := range x.orders[ByName] {
		if left == 0 {
			break
		}
		if !found.has(slot) {
			continue
		}
		place := &places[ranks[slot]]
		if *place >= 0 && *place < len(ids) {
			ids[*place] = x.ids[slot]
			left--
		}
		*place++
	}
	return ids
}
