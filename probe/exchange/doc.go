// Package exchange makes one HTTP/1.1 request on a given connection, reads the one
// reply, times its phases and judges its raw bytes.
//
// net/http is made to get an answer out of almost any server, and hides on the way what
// a probe wants to see: it takes status 999, lines that end in LF alone, two equal
// lengths, bytes after the end of the body; it follows redirects, decompresses, repeats
// requests and keeps connections. Here net/http only writes the request. The status
// line, the header section and the framing of the body (RFC 9112) are read by a bounded
// reader of this package, and every deviation becomes a [Finding] with a reason of the
// closed list in package reason.
//
// One connection carries one exchange: there is no redirect, no second try, no proxy.
// The request always says "Connection: close".
//
// # Where the reply is read more kindly than the RFC asks
//
// A status line without the space that must follow the status code even when the reason
// phrase is empty (RFC 9112, section 4) is taken without a finding: no client stumbles
// over it. A UTF-8 body without any charset label is fine.
//
// # Order of reading
//
//	Write      request.go      the bytes of the request
//	head       head.go         status line (statusline.go) and fields (fields.go)
//	framing    framing.go      where the body ends, RFC 9112 section 6.3
//	body       body.go         by length or until the end; chunked.go
//	coding     coding.go       gzip and deflate, bounded
//	surplus    surplus.go      bytes behind the end
//	evidence   wire.go         what was on the wire, without secrets; only if asked for
//
// [JudgeText] (text.go) is separate: it judges the character encoding of a body.
package exchange
