// Package document has what is made of a response once and kept with it: the program of
// a template, the charset, the elements and transcoded copies that pages include, and
// compressed texts.
//
// A [Head] is what is known from the header of a response. With the body it becomes a
// [Document], which is the attachment of the response in the cache.
package document
