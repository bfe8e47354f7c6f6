// Package pagetoken writes and reads page tokens: signed lists of the views that a
// page shows, each with its state.
//
// A token is part of a URL and therefore short: references share their beginnings, and
// the request fields of a view's variant are bits.
package pagetoken
