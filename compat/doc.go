// Package compat lets the vendors' own Go code speak to the project's sandbox, and holds
// their signatures against those of package cloudapi. It has tests only.
//
//	cd compat && go test ./...
//
// The signers and the imitated APIs were written from the same documents by the same
// people, so a misreading could hide in both. Here the other side is code that is in use
// against the real services:
//
//   - github.com/aliyun/alibaba-cloud-sdk-go, its core client, for ECS and KMS: signature
//     version 1.0 with HMAC-SHA1, by GET and POST;
//   - github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common, its common client,
//     for GAAP: TC3-HMAC-SHA256, HmacSHA1 and HmacSHA256, by GET and POST;
//   - github.com/alibabacloud-go/openapi-util, the signer of Alibaba's newer libraries, as
//     a third opinion.
//
// Two kinds of tests follow. In sign_*_test.go the clients sign random texts with a fixed
// seed, their requests are caught before they reach a socket, and cloudapi must come to
// the same signature. In client_*_test.go they call a sandbox over TLS: signed calls work,
// wrong keys are refused with the documented codes, and text arrives byte for byte.
//
// # A module of its own
//
// The module of Alibaba's SDK is an archive of 41 MB with the calls of every product. The
// program needs none of it, so it stays out of the main go.mod. Of that module only the
// core is compiled: the package of ECS alone would take longer to build than all tests
// take to run.
//
// # Nothing leaves the machine
//
// The clients get a transport that knows the sandbox's endpoints and refuses all other
// hosts. It hides its http.Transport from them on purpose: Alibaba's client replaces the
// dialer, and sets proxies, of every *http.Transport that it finds. Keys are given as
// values, so no chain of credential providers asks a metadata address.
package compat
