package search

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// stem returns what the forms of an English word have in common: "blankets" has
// the stem of "blanket". The input is folded.
func stem(word string) string {
	if singular, ok := irregular[word]; ok {
		word = singular
	}
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
		return word
	}
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

// irregular has the plurals that no rule of the stemmer makes.
var irregular = map[string]string{
	"calves": "calf", "halves": "half", "hooves": "hoof", "knives": "knife", "leaves": "leaf", "lives": "life",
	"loaves": "loaf", "scarves": "scarf", "shelves": "shelf", "thieves": "thief", "wives": "wife", "wolves": "wolf",
	"children": "child", "feet": "foot", "geese": "goose", "men": "man", "mice": "mouse", "teeth": "tooth", "women": "woman",
}
