package shell

// information is a page about the shop itself.
type information struct {
	Path, Title string
	Paragraphs  []string
}

// informations are the pages that every footer leads to.
var informations = []information{
	{"/delivery", "Delivery", []string{
		"We would deliver within the European Union, and to Norway, Switzerland and the United Kingdom, in 3 to 5 working days, for what the cart says before you order.",
		"You would hear from us when the parcel leaves, with a number to follow it by.",
	}},
	{"/returns", "Returns", []string{
		"You could send back what you do not want to keep within 30 days, unused, and would have your money back within 14 days.",
		"What arrives broken would be replaced, and we would pay for its way back.",
	}},
	{"/contact", "Contact", []string{
		"A shop would say here how to reach it: an address, a telephone number and the hours in which somebody answers.",
		"There is nobody to answer for this one, because it is the example of the program that it runs on.",
	}},
	{"/imprint", "Imprint", []string{
		"A shop would name here who runs it, where it is registered, and its tax number.",
		"This shop is the example of a program, and belongs to whoever has started it.",
	}},
	{"/privacy", "Privacy", []string{
		"The cookies of this shop keep your cart yours and its pages quick. None is used to follow you, and nothing is loaded from other sites.",
		"What you looked at last is remembered for a while to show it to you again, and to nobody else.",
		"What you type into the order form is stored in the database of this shop, by whoever has started it. Please do not type what you would not tell them.",
	}},
}

// Paths are the paths of the pages about the shop itself.
func Paths() []string {
	paths := make([]string, len(informations))
	for i, p := range informations {
		paths[i] = p.Path
	}
	return paths
}
