// Package pki issues the certificates of the sandbox: a root, an intermediate and, for
// each host, leaves that are right or wrong in one named way.
//
//	ca, err := pki.New(time.Now())
//	cert, err := ca.Certificate("ecs.aliyuncs.com", pki.Good, time.Now())
//
// A [Kind] names what is wrong. Everything but that is as it should be, so that a
// client that objects can only object to it. Keys are ECDSA on P-256 unless the kind
// says otherwise; certificates are issued on first use and kept.
package pki
