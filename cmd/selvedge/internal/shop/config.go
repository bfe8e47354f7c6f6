package shop

import (
	_ "embed"

	"selvedge/composer/site/config"
)

// File is the configuration of the shop.
//
//go:embed shop.yaml
var File []byte

//go:embed fragment.yaml
var fragmentFile []byte

// Config returns the configuration of the shop.
func Config() *config.Config { return mustParse(File) }

// FragmentConfig returns the configuration of one fragment of the shop alone.
func FragmentConfig() *config.Config { return mustParse(fragmentFile) }

func mustParse(file []byte) *config.Config {
	c, err := config.Parse("", file)
	if err != nil {
		panic("shop: " + err.Error()) // held by a test
	}
	return c
}
