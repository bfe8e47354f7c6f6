package catalogue_test

import (
	"fmt"

	"selvedge/store/catalogue"
)

func ExampleProducts() {
	p := catalogue.Products()[0]
	fmt.Printf("%d %s, %s, %v\n", p.ID, p.Name, p.Category, p.Price)
	// Output: 1 Café crème mug, kitchen, €14.90
}

func ExampleGenerate() {
	for p := range catalogue.Generate(2) {
		fmt.Printf("%d %s, %v\n", p.ID, p.Name, p.Price)
	}
	// Output:
	// 1 Riverside earthenware vase, ink, €24.20
	// 2 Bavarian steel lantern, mint, €66.00
}
