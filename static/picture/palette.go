package picture

// palette is what one color looks like: three tones of the thing itself, one
// for what is drawn on it, and the paper behind it.
type palette struct {
	base, dark, light, accent, background string
}

var palettes = map[string]palette{
	"moss":     {"#6f7f4f", "#4f5c38", "#a9b686", "#ece3c4", "#e8ebdc"},
	"sage":     {"#9db09a", "#74896f", "#c7d3c3", "#f6f1e2", "#e8efe5"},
	"pine":     {"#2f5d50", "#1f4038", "#5f8d7f", "#d9c58a", "#e0eae5"},
	"teal":     {"#2f7f86", "#1f5a60", "#74b3b6", "#f3ddb0", "#dfeeee"},
	"mint":     {"#a8d0bf", "#7aa995", "#d3eae0", "#3f6f62", "#eaf5f0"},
	"sky":      {"#7fa8c9", "#5783a6", "#b4cfe3", "#f8f1e2", "#e5eef5"},
	"ink":      {"#2c3e5c", "#1c2a40", "#5f7596", "#e0b870", "#e2e7ef"},
	"lilac":    {"#b3a3cf", "#8a79aa", "#d6cce7", "#f7eace", "#efebf6"},
	"plum":     {"#6d4260", "#4a2b42", "#a0788f", "#ecd0b8", "#efe4ec"},
	"berry":    {"#a63d57", "#782a3e", "#d0798c", "#f5ddd3", "#f6e4e6"},
	"rose":     {"#d69a9a", "#b07474", "#ecc5c3", "#8c4a55", "#f7eae7"},
	"rust":     {"#b8562f", "#8a3d20", "#db8d67", "#f4e0be", "#f5e6dc"},
	"clay":     {"#c47f5d", "#9a5d40", "#e0aa8e", "#f7ead9", "#f4e7dd"},
	"mustard":  {"#d3a032", "#a67a1c", "#ebc673", "#5b4a2e", "#f7efd9"},
	"sand":     {"#d2b48c", "#ab8c64", "#e7d3b5", "#7c5d3f", "#f3eadd"},
	"oat":      {"#efe6d6", "#cbbb9f", "#faf5ea", "#a98d62", "#d8cab3"},
	"cream":    {"#f5e9d3", "#d8c3a0", "#fff9ec", "#b9774a", "#dcc3aa"},
	"walnut":   {"#7a5238", "#55371f", "#ab8160", "#ead9bd", "#efe6dd"},
	"slate":    {"#6b7680", "#4a535b", "#a3adb5", "#ebe2d0", "#e5e9ec"},
	"charcoal": {"#3f4144", "#27292b", "#777b80", "#d9a15b", "#e6e5e3"},
}

// The materials of parts that are not in the color of the thing.
const (
	wood, woodDark, woodLight    = "#c89f6d", "#9f7747", "#e2c49a"
	steel, steelDark, steelLight = "#b9c0c6", "#858f98", "#e4e9ec"
	brass, brassDark, brassLight = "#c9a14a", "#98762a", "#ecd08a"
	leather, leatherDark         = "#9a6238", "#70442a"
	paper, paperDark             = "#fbf7ee", "#dfd6c3"
	leaf, leafDark, leafLight    = "#5f8a5a", "#43683f", "#8bb083"
	soil                         = "#5b4534"
	black, blackLight            = "#2d2e31", "#55585c"
	glow                         = "#ffe9b0"
	white                        = "#ffffff"
)

// Translucent tones that lie over any color.
const (
	faintShadow = "#0000001a"
	shadow      = "#00000033"
	faintGleam  = "#ffffff33"
	gleam       = "#ffffff80"
)
