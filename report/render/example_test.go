package render_test

import (
	"fmt"
	"os"

	"prober/files"
	"prober/report"
	"prober/report/render"
)

// What GitHub shows on the lines of the endpoints, of a report that was written before.
func ExampleWrite() {
	r, err := report.ReadFile(files.Reader{}, "../testdata/report.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := render.Write(os.Stdout, r, render.Annotations); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ::error file=endpoints.json,line=160,title=kms/cn-beijing/public%3A 1 requirement broken::KMS-TLS-02 fail tls/version_accepted: 127.0.0.1 chose TLS_RSA_WITH_3DES_EDE_CBC_SHA
	// ::warning file=endpoints.json,line=161,title=kms/cn-beijing/vpc%3A 2 requirements to look at::KMS-CHARSET-01 flaky: timed out once, then kept%0A1 requirement could not be decided: prober/resolver_unavailable: no resolver answered
	// ::warning file=endpoints.json,line=170,title=kms/ap-south-1/public%3A 1 requirement to look at::KMS-TLS-02 fail resolve/nxdomain: the name does not exist
}
