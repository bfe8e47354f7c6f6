package storetest

import (
	"slices"
	"strings"
	"testing"

	"selvedge/store"
	"selvedge/store/catalogue"
)

// shopper is what a person types, and the goods of the catalogue that the
// person expects. Goods are called by a part of their names that no others have.
type shopper struct {
	text  string
	first [][]string // groups of goods: those of a group in any order, before the next group
	also  []string   // goods that are found, wherever
	not   []string   // goods that are not found
	only  bool       // no other goods than those of first and also
}

// found returns groups of goods that are separated by commas.
func found(groups ...string) [][]string {
	var all [][]string
	for _, g := range groups {
		all = append(all, names(g))
	}
	return all
}

func names(list string) []string { return strings.Split(list, ", ") }

const (
	mugs        = "Café crème mug, Striped enamel mug"
	blanket     = "Loden wool blanket"
	lamps       = "Architect's desk lamp, Linen shade table lamp, Reading floor lamp, Enamel pendant lamp"
	headphones  = "Closed-back headphones, Wireless headphones"
	knife       = "Chef's knife"
	candles     = "Votive candle, Beeswax pillar candle"
	notebooks   = "Thread-bound notebook, Pocket notebook"
	lanterns    = "Garden lantern, Storm lantern"
	wateringCan = "Watering can, Indoor watering can"
	backpack    = "Waxed canvas backpack"
	cushions    = "Jacquard cushion, Velvet cushion"
	pencils     = "Roll-up pencil case, Graphite pencils"
	deskLamp    = "Architect's desk lamp"
	bluetooth   = "Portable speaker, Wireless headphones"
	e27         = deskLamp + ", Paper pendant, Linen shade, Reading floor lamp, Enamel pendant lamp"
)

// shoppers are the searches of the shop: the words as they stand on a product
// or in other forms, mistyped, joined and split, and what is no search.
var shoppers = []shopper{
	// Plurals and other forms.
	{text: "mug", first: found(mugs)},
	{text: "mugs", first: found(mugs)},
	{text: "MUGS", first: found(mugs)},
	{text: "blanket", first: found(blanket)},
	{text: "blankets", first: found(blanket)},
	{text: "wool blankets", first: found(blanket)},
	{text: "lamps", first: found(lamps), also: names("Paper pendant"), not: names(mugs)},
	{text: "knives", first: found(knife)},
	{text: "candles", first: found(candles), also: names("Garden lantern")},
	{text: "dishes", first: found("Gratin dish, Crème brûlée dish")},
	{text: "cushions", first: found(cushions)},
	{text: "notebooks", first: found(notebooks)},
	{text: "headphone", first: found(headphones)},
	{text: "shelves", first: found("Ladder shelf")},
	{text: "benches", first: found("Park bench")},
	{text: "watering cans", first: found(wateringCan)},
	{text: "striped mugs", first: found("Striped enamel mug")},

	// One typing mistake.
	{text: "blnaket", first: found(blanket)},
	{text: "candels", first: found(candles)},
	{text: "headphnes", first: found(headphones)},
	{text: "lanterm", first: found(lanterns)},
	{text: "baket", first: found("Harvest basket")},
	{text: "notebok", first: found(notebooks)},
	{text: "micrphone", first: found("Studio microphone")},
	{text: "turntabel", first: found("Belt-drive turntable")},
	{text: "ccushion", first: found(cushions)},
	{text: "wool blnaket", first: found(blanket)},
	{text: "mgu", only: true}, // too short to tell what is meant
	{text: "blkanet", only: true},

	// Joined and split words.
	{text: "desklamp", first: found(deskLamp), not: names(mugs)},
	{text: "desk-lamps", first: found(deskLamp)},
	{text: "head-phones", first: found(headphones)},
	{text: "head phones", first: found(headphones)},
	{text: "wateringcan", first: found(wateringCan)},
	{text: "back pack", first: found(backpack)},
	{text: "book shelf", first: found("Bookshelf speaker")},
	{text: "tea pot", first: found("Assam teapot")},
	{text: "tea pots", first: found("Assam teapot")},
	{text: "teatowel", first: found("Linen tea towel")},
	{text: "bird house", first: found("Birdhouse")},
	{text: "rolltop", first: found(backpack)},

	// Apostrophes, hyphens and accents.
	{text: "chefs knife", first: found(knife)},
	{text: "chef's knife", first: found(knife)},
	{text: "chef’s knife", first: found(knife)},
	{text: "bakers apron", first: found("Baker's apron")},
	{text: "bath-towel", first: found("Waffle bath towel")},
	{text: "closed back headphones", first: found("Closed-back headphones")},
	{text: "closedback", first: found("Closed-back headphones")},
	{text: "creme brulee", first: found("Crème brûlée dish")},
	{text: "cafe", first: found("Café crème mug, Café chair")},

	// Specifications.
	{text: "20cm", first: found(knife)},
	{text: "20 cm", first: found(knife), not: names("Watering can, Ramen bowl")},
	{text: "340ml", first: found("Café crème mug"), only: true},
	{text: "340 ml mug", first: found("Café crème mug"), only: true},
	{text: "8 liters", first: found("Watering can"), only: true},
	{text: "160 cm", also: names("Sideboard, Park bench, Reading floor lamp"), only: true},
	{text: "50ml ink", first: found("Oxblood ink"), only: true},
	{text: "portugal", also: names("Café crème mug, Linen shade, Stoneware vase"), only: true},
	{text: "germany knife", first: found(knife), only: true},
	{text: "e27", also: names(e27), only: true},
	{text: "ip67", also: names("Portable speaker"), only: true},
	{text: "bluetooth", also: names(bluetooth), only: true},
	{text: "usb-c", also: names(bluetooth), only: true},
	{text: "dishwasher safe", also: names("Café crème mug, Ramen bowl, Gratin dish, Water carafe"), not: names("Assam teapot")},
	{text: "100% cotton", also: names("Waffle bath towel, Gingham shopper"), not: names("Velvet cushion")},

	// Names before categories, and these before texts.
	{text: "linen", first: found("Linen shade, Linen tea towel"), also: names("Voilà curtain")},
	{text: "walnut", first: found("Bookshelf speaker", "Arched mirror, "+knife), only: true},
	{text: "kitchen", first: found("Kitchen radio",
		"Café crème mug, "+knife+", Ramen bowl, Pickling jar, Gratin dish, Pepper mill, Forged frying pan, "+
			"Striped enamel mug, Oak bread board, Crème brûlée dish, Water carafe, Assam teapot",
		"Cabin suitcase")},
	{text: "bags", first: found(backpack + ", Weekend duffel, Saddle leather satchel, Toiletry pouch, Cabin suitcase, " +
		"Gingham shopper, Market tote, Daypack")},
	{text: "pan", first: found("Forged frying pan")},
	{text: "pen", first: found("Brass fountain pen")},
	{text: "tea", first: found("Linen tea towel", "Assam teapot")},
	{text: "ceramic lamp", first: found("Linen shade")},
	{text: "green chair", first: found("Wing chair")},
	{text: "lamp for the desk", first: found(deskLamp)},

	// Words that are not typed to their end.
	{text: "cand", first: found(candles)},
	{text: "wireless hea", first: found("Wireless headphones")},
	{text: "penci", first: found(pencils)},

	// Nothing that is asked for, or nothing that there is.
	{text: "🎁", only: true},
	{text: "%", only: true},
	{text: `"`, only: true},
	{text: "?!", only: true},
	{text: "spaceship", only: true},
	{text: "wool spaceship", only: true},
	{text: "mug 🎁", first: found(mugs)},
}

func testShoppers(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	goods := catalogue.Products()
	fill(t, s, goods...)
	for _, sh := range shoppers {
		t.Run(sh.text, func(t *testing.T) {
			list, err := s.Products(t.Context(), store.Query{Text: sh.text, PerPage: store.MaxPerPage})
			if err != nil {
				t.Fatal(err)
			}
			sh.check(t, goods, list.Products)
		})
	}
}

func (sh shopper) check(t *testing.T, goods, got []store.Product) {
	place := func(name string) int { return slices.IndexFunc(got, called(t, goods, name)) }
	at, wanted := 0, len(sh.also)
	for _, group := range sh.first {
		for _, name := range group {
			if i := place(name); i < at || i >= at+len(group) {
				t.Errorf("%s stands at %d; want it from %d to %d", name, i, at, at+len(group)-1)
			}
		}
		at += len(group)
	}
	wanted += at
	for _, name := range sh.also {
		if place(name) < 0 {
			t.Errorf("%s is not found", name)
		}
	}
	for _, name := range sh.not {
		if i := place(name); i >= 0 {
			t.Errorf("%s stands at %d; want it not to be found", name, i)
		}
	}
	if sh.only && len(got) != wanted {
		t.Errorf("%d goods are found; want %d", len(got), wanted)
	}
	if t.Failed() {
		for i, p := range got {
			t.Logf("%d: %s", i, p.Name)
		}
	}
}

// called returns what tells whether a product is the one with a part of a name.
func called(t *testing.T, goods []store.Product, part string) func(store.Product) bool {
	t.Helper()
	var id int64
	for _, p := range goods {
		// Watering can is a part of Indoor watering can but for its case.
		if !strings.Contains(p.Name, part) {
			continue
		}
		if id != 0 {
			t.Fatalf("several goods are called %s", part)
		}
		id = p.ID
	}
	if id == 0 {
		t.Fatalf("no goods are called %s", part)
	}
	return func(p store.Product) bool { return p.ID == id }
}

// testSuggestions searches the catalogue for what has a word that no product has,
// or words that no product has together.
func testSuggestions(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	fill(t, s, catalogue.Products()...)
	for _, tt := range []struct {
		name        string
		query       store.Query
		corrected   string
		suggestions []string
	}{
		{"Words that are found are as they were typed.", store.Query{Text: "Wool blankets"}, "", nil},
		{"A mistyped word is corrected.", store.Query{Text: "blnaket"}, "blanket", nil},
		{"The words around it stay.", store.Query{Text: "the heavy Wool-blnaket"}, "heavy wool blanket", nil},
		{"It is corrected although filters leave nothing.", store.Query{Text: "blnaket", Category: "audio"}, "blanket", nil},
		{"A word with two mistakes is suggested.", store.Query{Text: "blkanet"}, "", []string{"blanket"}},
		{"A short word with a mistake is suggested.", store.Query{Text: "mgu"}, "", []string{"mug"}},
		{"A word that is nothing like the others has no suggestion.", store.Query{Text: "spaceship"}, "", nil},
		{"Without that word the others are suggested.", store.Query{Text: "wool spaceship"}, "", []string{"wool"}},
		{"Words that are not together are suggested with fewer.", store.Query{Text: "velvet mug cushion"}, "",
			[]string{"velvet cushion", "velvet", "mug"}},
		{"Signs have no suggestion.", store.Query{Text: "%"}, "", nil},
		{"A measure is not corrected.", store.Query{Text: "21cm"}, "", nil},
		{"Filters that leave nothing are no reason for a suggestion.", store.Query{Text: "mug", Category: "audio"}, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, err := s.Products(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if list.Corrected != tt.corrected || !slices.Equal(list.Suggestions, tt.suggestions) {
				t.Errorf("Products(%q): Corrected %q, Suggestions %q; want %q, %q",
					tt.query.Text, list.Corrected, list.Suggestions, tt.corrected, tt.suggestions)
			}
			for _, text := range list.Suggestions {
				if other, err := s.Products(t.Context(), store.Query{Text: text}); err != nil || other.Total == 0 {
					t.Errorf("the suggestion %q finds %d products, %v", text, other.Total, err)
				}
			}
		})
	}
}
