package catalogue

// good is what can be said about one kind of thing before one of them is made
// up. Ranges are from the lowest to the highest value.
type good struct {
	kind      string // of package picture
	noun      string
	category  string
	materials []string
	cents     [2]int
	height    [2]int // centimeters
	grams     [2]int
}

var goods = []good{
	{"mug", "mug", "kitchen", clays, span(690, 2400), span(8, 12), span(240, 420)},
	{"bowl", "bowl", "kitchen", clays, span(890, 3900), span(5, 11), span(300, 900)},
	{"teapot", "teapot", "kitchen", clays, span(2900, 8900), span(12, 18), span(600, 1100)},
	{"dish", "baking dish", "kitchen", clays, span(790, 4900), span(4, 8), span(400, 2100)},
	{"pan", "frying pan", "kitchen", metals, span(3900, 14900), span(4, 7), span(900, 2400)},
	{"knife", "kitchen knife", "kitchen", metals, span(2900, 18900), span(2, 3), span(90, 290)},
	{"board", "cutting board", "kitchen", woods, span(1900, 7900), span(2, 5), span(600, 2600)},
	{"jar", "storage jar", "kitchen", glasses, span(390, 1900), span(10, 26), span(280, 900)},
	{"carafe", "carafe", "kitchen", glasses, span(1900, 5900), span(22, 32), span(450, 900)},
	{"mill", "pepper mill", "kitchen", woods, span(2400, 6900), span(14, 32), span(180, 420)},
	{"desklamp", "desk lamp", "lighting", metals, span(5900, 24900), span(38, 80), span(1400, 4800)},
	{"tablelamp", "table lamp", "lighting", clays, span(3900, 18900), span(28, 56), span(900, 3200)},
	{"pendant", "pendant lamp", "lighting", metals, span(4900, 29900), span(18, 42), span(400, 2600)},
	{"lantern", "lantern", "lighting", metals, span(1900, 8900), span(20, 52), span(450, 3600)},
	{"candle", "candle", "lighting", waxes, span(290, 2400), span(7, 22), span(90, 620)},
	{"floorlamp", "floor lamp", "lighting", metals, span(9900, 49900), span(130, 175), span(4200, 9800)},
	{"cushion", "cushion", "textiles", cloths, span(1900, 6900), span(12, 18), span(400, 950)},
	{"blanket", "blanket", "textiles", cloths, span(4900, 19900), span(1, 3), span(500, 1900)},
	{"towel", "towel", "textiles", cloths, span(790, 4900), span(1, 2), span(80, 600)},
	{"rug", "rug", "textiles", cloths, span(8900, 89900), span(1, 2), span(1900, 12000)},
	{"curtain", "curtain", "textiles", cloths, span(2900, 12900), span(220, 290), span(700, 1900)},
	{"apron", "apron", "textiles", cloths, span(1900, 6900), span(78, 96), span(220, 480)},
	{"blind", "jalousie", "textiles", woods, span(5900, 24900), span(120, 220), span(1900, 5200)},
	{"backpack", "backpack", "bags", cloths, span(4900, 21900), span(38, 52), span(450, 1500)},
	{"tote", "tote bag", "bags", cloths, span(490, 4900), span(34, 44), span(60, 480)},
	{"suitcase", "suitcase", "bags", shells, span(9900, 44900), span(52, 76), span(2300, 4700)},
	{"pouch", "pouch", "bags", cloths, span(1200, 4900), span(10, 20), span(60, 220)},
	{"satchel", "satchel", "bags", leathers, span(14900, 129000), span(26, 36), span(900, 2600)},
	{"duffel", "duffel bag", "bags", cloths, span(5900, 24900), span(24, 34), span(700, 1800)},
	{"notebook", "notebook", "stationery", papers, span(350, 2900), span(15, 26), span(70, 520)},
	{"pen", "fountain pen", "stationery", metals, span(1900, 24900), span(13, 15), span(18, 52)},
	{"pencils", "pencil cup", "stationery", clays, span(1200, 3400), span(9, 12), span(220, 480)},
	{"pencilcase", "pencil case", "stationery", cloths, span(1200, 4900), span(5, 8), span(50, 160)},
	{"planner", "planner", "stationery", papers, span(1400, 4900), span(18, 26), span(260, 640)},
	{"inkwell", "bottle of ink", "stationery", glasses, span(690, 2900), span(5, 8), span(120, 260)},
	{"wateringcan", "watering can", "garden", metals, span(1900, 8900), span(16, 42), span(380, 2300)},
	{"planter", "planter", "garden", clays, span(900, 9900), span(14, 48), span(800, 9800)},
	{"trowel", "trowel", "garden", metals, span(1200, 4900), span(28, 36), span(220, 420)},
	{"birdhouse", "birdhouse", "garden", woods, span(1900, 7900), span(22, 36), span(900, 2600)},
	{"basket", "basket", "garden", wickers, span(1900, 8900), span(18, 42), span(400, 1800)},
	{"bench", "garden bench", "garden", woods, span(19900, 99900), span(78, 92), span(18000, 44000)},
	{"headphones", "headphones", "audio", shells, span(5900, 49900), span(18, 22), span(180, 380)},
	{"speaker", "speaker", "audio", woods, span(5900, 129900), span(16, 42), span(600, 9800)},
	{"radio", "radio", "audio", woods, span(4900, 34900), span(14, 24), span(700, 2900)},
	{"turntable", "turntable", "audio", woods, span(19900, 249000), span(11, 18), span(4200, 14500)},
	{"microphone", "microphone", "audio", metals, span(6900, 89900), span(16, 26), span(280, 720)},
	{"chair", "chair", "furniture", woods, span(7900, 49900), span(76, 96), span(3600, 7800)},
	{"stool", "stool", "furniture", woods, span(4900, 19900), span(42, 66), span(2100, 4900)},
	{"shelf", "shelf", "furniture", woods, span(9900, 89900), span(90, 210), span(9000, 38000)},
	{"table", "table", "furniture", woods, span(24900, 249000), span(72, 76), span(22000, 78000)},
	{"armchair", "armchair", "furniture", cloths, span(39900, 189000), span(72, 102), span(16000, 32000)},
	{"sideboard", "sideboard", "furniture", woods, span(34900, 189000), span(64, 82), span(28000, 62000)},
	{"clock", "wall clock", "furniture", metals, span(2900, 18900), span(20, 42), span(500, 1900)},
	{"mirror", "mirror", "furniture", woods, span(4900, 39900), span(60, 160), span(3800, 18000)},
	{"vase", "vase", "furniture", clays, span(1900, 12900), span(14, 42), span(500, 2600)},
}

func span(low, high int) [2]int { return [2]int{low, high} }

// The materials that goods come in.
var (
	clays    = []string{"stoneware", "porcelain", "terracotta", "earthenware"}
	metals   = []string{"steel", "brass", "enamel", "aluminum"}
	woods    = []string{"oak", "walnut", "beech", "ash", "larch"}
	glasses  = []string{"glass", "recycled glass"}
	cloths   = []string{"linen", "wool", "cotton", "canvas", "hemp"}
	leathers = []string{"leather", "bridle leather"}
	papers   = []string{"paper", "linen-bound", "recycled paper"}
	waxes    = []string{"beeswax", "rapeseed wax"}
	shells   = []string{"aluminum", "polypropylene"}
	wickers  = []string{"willow", "rattan"}
)

// care has how each material wants to be treated.
var care = map[string]string{
	"stoneware": "Dishwasher safe", "porcelain": "Dishwasher safe",
	"terracotta": "Brush off, keep from standing water", "earthenware": "Rinse with hot water",
	"steel": "Dry after use", "brass": "Polish or let it darken", "enamel": "Wipe clean, do not scour",
	"aluminum": "Wipe with a soft cloth",
	"oak":      "Oil twice a year", "walnut": "Oil once a year", "beech": "Wipe with a damp cloth",
	"ash": "Wipe with a damp cloth", "larch": "Needs no treatment",
	"glass": "Dishwasher safe", "recycled glass": "Dishwasher safe",
	"linen": "Wash at 60 °C", "wool": "Air, or wool wash at 30 °C", "cotton": "Wash at 60 °C",
	"canvas": "Brush off, spot clean", "hemp": "Wash at 40 °C",
	"leather": "Grease once a year", "bridle leather": "Grease twice a year",
	"paper": "Keep dry", "linen-bound": "Dust with a soft brush", "recycled paper": "Keep dry",
	"beeswax": "Trim the wick", "rapeseed wax": "Trim the wick",
	"polypropylene": "Wipe with soapy water",
	"willow":        "Wet from time to time", "rattan": "Dust with a soft brush",
}

// The other words of names and texts. None begins with a vowel, so "a" always
// fits in front of it.
var (
	adjectives = []string{
		"small", "tall", "narrow", "wide", "low", "deep", "light", "heavy", "soft", "plain", "calm", "quiet",
		"round", "slim", "broad", "fine", "warm", "cool", "pale", "dark", "rustic", "classic", "modern", "Nordic",
		"coastal", "Provençal", "Bavarian", "Flemish", "rosé", "Breton", "foldable", "stackable", "handmade", "polished", "brushed", "riverside",
	}
	makers  = []string{"family business", "workshop", "cooperative", "manufactory", "school for crafts"}
	origins = []string{"Portugal", "Denmark", "Austria", "Italy", "Lithuania", "Japan", "Poland", "France", "Slovenia", "Scotland"}
	places  = []string{"by the river", "in the hills", "at the edge of the town", "in the third generation", "behind the station", "near the coast"}
	praises = []string{
		"It is made to be used every day, and to be repaired when that shows.",
		"Spare parts are kept for as long as the series is made.",
		"Small differences between two pieces come from the work by hand.",
		"It arrives in a box of cardboard, without plastic.",
		"The shape has not been altered since the first series, because nobody found a reason.",
		"We have had one in our own rooms for two years and would buy it again.",
	}
)
