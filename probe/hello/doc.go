// Package hello tells which of SSLv2, SSLv3 and TLS 1.0 to 1.3 a server accepts at one
// address, from one hand-made ClientHello a version and the first bytes of the answer.
//
// No handshake is completed: a ServerHello already names the version and the suite the
// server chose, so nothing is decrypted, no certificate is read, and a server that would
// go on to demand a client certificate is judged like any other. Making the messages by
// hand is what lets the package ask about SSLv2 and SSLv3, offer suites that TLS
// libraries dropped, and understand answers that are outside every library.
//
// It is built in three layers that are tested apart:
//
//   - [Hello] makes the bytes of a ClientHello; [Offered] lists the suites in it.
//   - [Classify] reads an answer and says what it is, without judging the server.
//   - [Scanner] connects, asks, asks again where one answer does not settle the matter,
//     and judges the answers of all versions together.
//
// There are three verdicts and the third is an answer too. Accepted means that the server
// chose the version asked for. Rejected means that a TLS implementation was there and
// refused it. Everything else (silence, a reset that a firewall may have sent, text that is
// not TLS, an alert about the server name) is Inconclusive: it proves nothing about the
// version, and a check that wants SSLv3 refused must not pass because of it.
//
// What a usual server of today comes to:
//
//	SSLv2 rejected fatal protocol_version (70)
//	SSLv3 rejected fatal handshake_failure (40), 3 times
//	TLS1.0 rejected fatal protocol_version (70)
//	TLS1.1 rejected fatal protocol_version (70)
//	TLS1.2 accepted ServerHello TLS1.2
//	TLS1.3 accepted HelloRetryRequest TLS1.3
package hello
