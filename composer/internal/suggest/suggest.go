// Package suggest finds the name that a misspelled name was probably meant to be.
package suggest

// Name returns the most similar of names, or "" if none is similar. A similar name has a
// letter in common with the given one, and is made from it by one change for every three
// letters, and one more: an insertion, a deletion, a substitution or a swap of neighbors.
func Name(name string, names []string) string {
	best, distance := "", 1+max(len(name), 2)/3
	for _, candidate := range names {
		if d := editDistance(name, candidate); d <= distance && d < len(candidate) && (best == "" || d < distance) {
			best, distance = candidate, d
		}
	}
	return best
}

// editDistance returns the number of insertions, deletions, substitutions and swaps of
// neighbors that make b of a (optimal string alignment).
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			substitution := 1
			if a[i-1] == b[j-1] {
				substitution = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+substitution)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
