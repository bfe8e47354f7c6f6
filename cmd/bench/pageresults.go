package main

// notInstalled is said of a program that the machine does not have.
const notInstalled = "not installed"

// firstByte is the row of the times until the first byte of a slow page.
const firstByte = "first byte"

// A cell is what is measured once in each round.
type cell struct{ row, system string }

// pageResults are what was measured of pages.
type pageResults struct {
	validity
	samples map[cell][]float64 // round by round
	absent  map[string]string  // systems that were not measured, and why
}

func (r *pageResults) add(row, system string, value float64) {
	c := cell{row, system}
	r.samples[c] = append(r.samples[c], value)
}

// of is the median of what was measured of a system.
func (r *pageResults) of(row, system string) float64 { return median(r.samples[cell{row, system}]) }

// against is the median of the ratios of two systems, round by round.
func (r *pageResults) against(row, system, other string) float64 {
	return median(ratios(r.samples[cell{row, system}], r.samples[cell{row, other}]))
}

// ratios divides what was measured in the same round.
func ratios(values, by []float64) []float64 {
	var all []float64
	for i := range min(len(values), len(by)) {
		all = append(all, values[i]/by[i])
	}
	return all
}

// lines are what the table shows of the rows that were planned.
func (r *pageResults) lines(p pagePlan) []line {
	var lines []line
	for _, row := range []struct {
		name  string
		lines func() []line
	}{
		{cachedRow, r.cachedLines},
		{uncachedRow, r.uncachedLines},
		{slowRow, r.slowLines},
		{allocationsRow, r.allocationLines},
		{memoryRow, r.memoryLines},
		{growthRow, r.growthLines},
	} {
		if p.has(row.name) {
			lines = append(lines, row.lines()...)
		}
	}
	return lines
}

// value is a line of what was measured of a system, or of why it was not.
func (r *pageResults) value(row, system, unit string, t target) line {
	what := "  " + system
	if why := r.absent[system]; why != "" {
		return line{what, why}
	}
	return rowOf(what, r.of(row, system), unit, t)
}

func rowOf(what string, measured float64, unit string, t target) line {
	return row{what, measured, unit, t}.line()
}

// ratio is a line of what a system is in comparison with another, or of
// nothing if one of them was not measured.
func (r *pageResults) ratio(name, system, other string, t target) []line {
	if r.absent[system] != "" || r.absent[other] != "" {
		return nil
	}
	return []line{rowOf("    against "+other, r.against(name, system, other), "×", t)}
}

func (r *pageResults) cachedLines() []line {
	lines := []line{{"template and fragments cached"}}
	for _, ours := range []string{proxySystem, composedSystem} {
		lines = append(lines, r.value(cachedRow, ours, "pages/s", target{}))
		lines = append(lines, r.ratio(cachedRow, ours, bareSystem, atLeast(0.85))...)
		lines = append(lines, r.ratio(cachedRow, ours, nginxSystem, atLeast(2.5))...)
		lines = append(lines, r.ratio(cachedRow, ours, varnishSystem, atLeast(3))...)
	}
	return append(lines,
		r.value(cachedRow, bareSystem, "pages/s", target{}),
		r.value(cachedRow, nginxSystem, "pages/s", target{}),
		r.value(cachedRow, varnishSystem, "pages/s", target{}))
}

func (r *pageResults) uncachedLines() []line {
	lines := []line{{"fragments uncached, of the origin or in process"}, r.value(uncachedRow, proxySystem, "pages/s", target{})}
	lines = append(lines, r.ratio(uncachedRow, proxySystem, nginxSystem, atLeast(0.6))...)
	lines = append(lines, r.ratio(uncachedRow, proxySystem, varnishSystem, atLeast(1.6))...)
	lines = append(lines, r.value(uncachedRow, composedSystem, "pages/s", target{}))
	lines = append(lines, r.ratio(uncachedRow, composedSystem, nginxSystem, atLeast(2))...)
	return append(lines,
		r.value(uncachedRow, nginxSystem, "pages/s", target{}),
		r.value(uncachedRow, varnishSystem, "pages/s", target{}))
}

func (r *pageResults) slowLines() []line {
	page, first := []line{{"10 uncached fragments of 20 ms: the page"}}, []line{{"  its first byte"}}
	for _, s := range []struct {
		name        string
		page, first target
	}{
		{proxySystem, atMost(22), atMost(1)},
		{composedSystem, atMost(22), atMost(1)},
		{nginxSystem, target{}, target{}},
		{varnishSystem, target{}, target{}},
	} {
		page = append(page, r.value(slowRow, s.name, "ms", s.page))
		first = append(first, r.value(firstByte, s.name, "ms", s.first))
	}
	return append(page, first...)
}

func (r *pageResults) allocationLines() []line {
	more := r.of(allocationsRow, composedSystem) - r.of(allocationsRow, bareSystem)
	return []line{
		{"allocations for a cached page"},
		rowOf("  ours, in process, more than the bare handler", more, "", atMost(10)),
		r.value(allocationsRow, bareSystem, "", target{}),
	}
}

func (r *pageResults) memoryLines() []line {
	return []line{rowOf("memory of stored fragments of 1 KB, by their bytes", r.of(memoryRow, composedSystem), "×", atMost(1.5))}
}

func (r *pageResults) growthLines() []line {
	var lines []line
	for _, works := range [][]work{byIncludes, bySize} {
		for _, w := range works {
			lines = append(lines, line{"time for a cached page of " + w.inWords()})
			for _, system := range []string{bareSystem, proxySystem, composedSystem} {
				lines = append(lines, r.value(w.String(), system, "µs", target{}))
			}
		}
	}
	return lines
}
