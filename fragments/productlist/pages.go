package productlist

import "selvedge/store"

// pagesView leads through the pages of a list. It is empty when there is one.
type pagesView struct {
	Previous, Next string // addresses; empty at the ends
	Links          []pageLink
}

// pageLink is the link to one page. Number 0 stands for pages left out.
type pageLink struct {
	Number  int
	Href    string
	Current bool
}

func newPagesView(q store.Query, pages int) pagesView {
	if pages <= 1 {
		return pagesView{}
	}
	v := pagesView{}
	if q.Page > 1 {
		v.Previous = pageAddress(q, q.Page-1)
	}
	if q.Page < pages {
		v.Next = pageAddress(q, q.Page+1)
	}
	for _, n := range pageNumbers(q.Page, pages) {
		link := pageLink{Number: n, Current: n == q.Page}
		if n > 0 {
			link.Href = pageAddress(q, n)
		}
		v.Links = append(v.Links, link)
	}
	return v
}

// pageNumbers returns the first page, the last, and the current one with its
// neighbors, with 0 for each gap of more than one page.
func pageNumbers(current, pages int) []int {
	var numbers []int
	last := 0
	for n := 1; n <= pages; n++ {
		if n != 1 && n != pages && (n < current-1 || n > current+1) {
			continue
		}
		switch {
		case n-last == 2:
			numbers = append(numbers, n-1)
		case n-last > 2:
			numbers = append(numbers, 0)
		}
		numbers = append(numbers, n)
		last = n
	}
	return numbers
}

// previous returns the address of the page before, or "" on the first.
func previous(path string, q store.Query) string {
	if q.Page <= 1 {
		return ""
	}
	return toPage(path, q, q.Page-1)
}

// next returns the address of the page after, or "" on the last.
func next(path string, q store.Query, pages int) string {
	if q.Page >= pages {
		return ""
	}
	return toPage(path, q, q.Page+1)
}

// pageAddress returns the address of another page of a list.
func pageAddress(q store.Query, page int) string {
	q.Page = page
	return address(q)
}

func toPage(path string, q store.Query, page int) string {
	q.Page = page
	return href(path, q)
}
