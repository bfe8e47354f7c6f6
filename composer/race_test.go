//go:build race

package composer_test

// withRace says that the tests run with -race, where a sync.Pool drops some of
// what it is given.
const withRace = true
