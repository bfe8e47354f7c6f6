package main

import "slices"

// value is a line of what was measured of a system, or of why it was not.
func (r *pageResults) value(row, system, figure, unit string, t target) line {
	what := "  " + system
	if why := r.absent[system]; why != "" {
		return line{what, why}
	}
	return rowOf(what, r.of(row, system, figure), unit, t)
}

func rowOf(what string, measured float64, unit string, t target) line {
	return row{what, measured, unit, t}.line()
}

// rate is the lines of a system's pages per second, and of what they cost.
func (r *pageResults) rate(row, system string) []line {
	lines := []line{r.value(row, system, rateFigure, "pages/s", target{})}
	if r.absent[system] == "" {
		lines = append(lines, rowOf("    processor time for a page", r.of(row, system, costFigure), "µs", target{}))
	}
	return lines
}

// ratio is the lines of what a system's rate is in comparison with another's,
// and of what it would be by the processor time of all that take part, which
// other programs disturb less. There are none if one was not measured.
func (r *pageResults) ratio(row, system, other string, least float64) []line {
	if r.absent[system] != "" || r.absent[other] != "" {
		return nil
	}
	return []line{
		rowOf("    against "+other, r.against(row, rateFigure, system, other), "×", atLeast(least)),
		rowOf("      by processor time", r.against(row, totalFigure, other, system), "×", target{}),
	}
}

func (r *pageResults) cachedLines() []line {
	lines := []line{{"template and fragments cached"}}
	for _, ours := range []string{proxySystem, composedSystem} {
		lines = slices.Concat(lines, r.rate(cachedRow, ours),
			r.ratio(cachedRow, ours, bareSystem, 0.85),
			r.ratio(cachedRow, ours, nginxSystem, 2.5),
			r.ratio(cachedRow, ours, varnishSystem, 3))
	}
	return slices.Concat(lines, r.rate(cachedRow, bareSystem), r.rate(cachedRow, nginxSystem), r.rate(cachedRow, varnishSystem))
}

func (r *pageResults) uncachedLines() []line {
	return slices.Concat(
		[]line{{"fragments uncached, of the origin or in process"}},
		r.rate(uncachedRow, proxySystem),
		r.ratio(uncachedRow, proxySystem, nginxSystem, 0.6),
		r.ratio(uncachedRow, proxySystem, varnishSystem, 1.6),
		r.rate(uncachedRow, composedSystem),
		r.ratio(uncachedRow, composedSystem, nginxSystem, 2),
		r.rate(uncachedRow, nginxSystem),
		r.rate(uncachedRow, varnishSystem))
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
		page = append(page, r.value(slowRow, s.name, timeFigure, "ms", s.page))
		first = append(first, r.value(slowRow, s.name, firstFigure, "ms", s.first))
	}
	return append(page, first...)
}

func (r *pageResults) allocationLines() []line {
	bare := r.of(allocationsRow, bareSystem, countFigure)
	more := r.of(allocationsRow, composedSystem, countFigure) - bare
	return []line{
		rowOf("allocations for a cached page, more than the bare handler", more, "", atMost(10)),
		rowOf("  of the bare handler", bare, "", target{}),
	}
}

func (r *pageResults) memoryLines() []line {
	return []line{rowOf("memory of stored fragments of 1 KB, by their bytes", r.of(memoryRow, composedSystem, sizeFigure), "×", atMost(1.5))}
}

func (r *pageResults) growthLines() []line {
	var lines []line
	for _, w := range slices.Concat(byIncludes, bySize) {
		lines = append(lines, line{"processor time for a cached page of " + w.inWords()})
		for _, system := range []string{bareSystem, proxySystem, composedSystem} {
			lines = append(lines, r.value(w.String(), system, costFigure, "µs", target{}))
		}
	}
	return lines
}
