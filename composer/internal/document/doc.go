// Package document derives data from a response once, and keeps the data with the
// response:
//
//   - the program of a template,
//   - the charset,
//   - the elements and transcoded copies included by pages,
//   - compressed texts.
//
// A [Head] is derived from the header of a response. With the body it becomes a
// [Document], the attachment of the response in the cache.
package document
