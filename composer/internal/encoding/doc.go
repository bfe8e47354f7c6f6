// Package encoding reads content codings and writes gzip (RFC 9110 §8.4).
//
//   - [DecodeBody] and [DecodeBytes] remove codings from a body, with a limit on its
//     length.
//   - [Deflate] compresses a text once, to a [Block].
//   - A [Joiner] makes one gzip body (RFC 1952) of blocks and texts, so that stored
//     parts of a page are not compressed again.
package encoding
