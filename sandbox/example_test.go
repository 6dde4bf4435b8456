package sandbox_test

import (
	"fmt"
	"log"

	"prober"
	"prober/catalog"
	"prober/sandbox"
)

func ExampleStart() {
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		log.Fatal(err)
	}
	s, err := sandbox.Start(sandbox.Config{Catalog: c})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = s.Close() }()

	reply, err := client(s).Get("https://ecs.aliyuncs.com/?Action=DescribeRegions&Version=2014-05-26")
	if err != nil {
		log.Fatal(err)
	}
	_ = reply.Body.Close()
	fmt.Println("clean:", reply.Status)

	if err := s.SetFault("ecs/default/public", "nxdomain"); err != nil {
		log.Fatal(err)
	}
	client(s).CloseIdleConnections()
	_, err = client(s).Get("https://ecs.aliyuncs.com/")
	fmt.Println("with nxdomain it works:", err == nil)
	// Output:
	// clean: 400 Bad Request
	// with nxdomain it works: false
}

func ExampleParseFaults() {
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		log.Fatal(err)
	}
	faults, err := sandbox.ParseFaults(c, []string{"kms/*/vpc=not_private", "ecs.aliyuncs.com=cert_expired"})
	fmt.Println(len(faults), faults["ecs/default/public"], err)
	_, err = sandbox.ParseFaults(c, []string{"ecs.aliyuncs.com=cert_expierd"})
	fmt.Println(err)
	// Output:
	// 26 cert_expired <nil>
	// unknown fault "cert_expierd"; did you mean "cert_expired"?
}
