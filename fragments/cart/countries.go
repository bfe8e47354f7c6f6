package cart

import (
	"slices"
	"strings"
)

// countries are those that the shop delivers to, in the order of their names.
// The page about delivery names them in a sentence.
var countries = []string{
	"Austria", "Belgium", "Bulgaria", "Croatia", "Cyprus", "Czechia", "Denmark", "Estonia", "Finland", "France",
	"Germany", "Greece", "Hungary", "Ireland", "Italy", "Latvia", "Lithuania", "Luxembourg", "Malta", "Netherlands",
	"Norway", "Poland", "Portugal", "Romania", "Slovakia", "Slovenia", "Spain", "Sweden", "Switzerland", "United Kingdom",
}

// countryNamed returns the country of a name in any case, or the name itself if the
// shop does not deliver there.
func countryNamed(name string) string {
	if i := slices.IndexFunc(countries, func(c string) bool { return strings.EqualFold(c, name) }); i >= 0 {
		return countries[i]
	}
	return name
}
