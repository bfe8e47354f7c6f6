package storetest

import (
	"time"

	"selvedge/store"
)

var customer = store.Customer{
	Name: "Zoë O’Neill", Email: "zoe@example.com", Street: "Gånggatan 7", PostalCode: "411 05", City: "Göteborg", Country: "Sweden",
}

// goods returns a small shop, whose ids are not in the order of anything.
func goods() []store.Product {
	return []store.Product{
		good(11, "Linen apron", "For cooks who spill.", "Woven in Flanders.", "kitchen", 4500, 5, 3),
		good(12, "Crème brûlée set", "Four dishes and a torch.", "Stoneware, glazed.", "kitchen", 2999, 0, 9),
		good(13, "Café mug", "Holds a strong coffee.", "Glazed by hand.", "kitchen", 1450, 50, 5),
		good(14, "Straßenlampe", "A street lamp for the desk.", "Steel. Linen cord.", "light", 8900, 2, 7),
		good(15, "Bath towel", "Thick cotton.", "Dries fast, like linen.", "bath", 2450, 20, 1),
		good(16, "Bath mat", "Dense cotton.", "Woven in Portugal.", "bath", 2450, 8, 2),
		good(17, "Oak stool", "Stands on three legs.", "A mug stands on it.", "living", 12900, 1, 8),
	}
}

func good(id int64, name, summary, description, category string, cents int64, stock, day int) store.Product {
	return store.Product{
		ID: id, Name: name, Summary: summary, Description: description, Category: category,
		Price: store.Euro(cents),
		Specs: []store.Spec{
			{Name: "Material", Value: "Hemp"}, {Name: "Width", Value: "70 cm"}, {Name: "Height", Value: "90 cm"},
			{Name: "Weight", Value: "210 g"}, {Name: "Care", Value: "Wash at 40 °C"},
		},
		Pictures: []store.Picture{
			{Name: "apron.moss.plain.1.front", Alt: name + ", from the front"},
			{Name: "apron.moss.plain.1.side", Alt: name + ", from the side"},
		},
		Stock:   stock,
		Version: 1,
		Added:   time.Date(2025, 3, day, 12, 30, 0, 123_000_000, time.UTC),
	}
}
