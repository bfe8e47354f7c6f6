//go:build !race

package composer_test

const withRace = false
