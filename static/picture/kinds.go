package picture

import "maps"

// kinds has all kinds by their names.
var kinds = join(kitchenware, lighting, textiles, bags, stationery, gardening, audio, furniture)

func join(groups ...map[string]kind) map[string]kind {
	all := map[string]kind{}
	for _, g := range groups {
		maps.Copy(all, g)
	}
	return all
}
