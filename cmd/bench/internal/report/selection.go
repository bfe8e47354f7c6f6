package report

import "slices"

// A Selection is the names of the sections that are measured and shown.
type Selection []string

// Has reports whether a section is selected.
func (s Selection) Has(section string) bool { return slices.Contains(s, section) }

// Unknown returns the first name that is not a section, and false if there is
// none.
func (s Selection) Unknown(sections []string) (string, bool) {
	i := slices.IndexFunc(s, func(name string) bool { return !slices.Contains(sections, name) })
	if i < 0 {
		return "", false
	}
	return s[i], true
}

// Lines returns the lines of the selected sections, in the order of sections. linesOf
// has a function for each section.
func (s Selection) Lines(sections []string, linesOf map[string]func() []Line) []Line {
	var all []Line
	for _, section := range sections {
		if s.Has(section) {
			all = append(all, linesOf[section]()...)
		}
	}
	return all
}
