// Package pagetoken writes and reads page tokens: signed lists of the views that a
// page shows, each with the state in which it shows it.
//
// A token is part of a URL, so it is short: references share their beginnings, and
// the request headers that a view varies on are bits.
package pagetoken
