package imitation_test

import (
	"fmt"

	"prober/catalog"
	"prober/cloudapi"
	"prober/sandbox/imitation"
)

func Example() {
	product := catalog.Product{ID: "ecs", APIStyle: catalog.StyleAlibabaRPC, APIVersion: "2014-05-26"}
	api, err := imitation.New(imitation.Config{Product: product, Host: "ecs.aliyuncs.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	probe := cloudapi.UnsignedProbe(product, "ecs.aliyuncs.com")
	answer := api.Serve(imitation.Request{Method: probe.Method, Host: probe.Host, Query: probe.Query})

	reply, err := cloudapi.ReadAlibaba(answer.Get("Content-Type"), answer.Body)
	fmt.Println(answer.Status, reply.Code, err)
	fmt.Println(reply.Message)
	// Output:
	// 400 MissingParameter <nil>
	// The input parameter "AccessKeyId" that is mandatory for processing this request is not supplied.
}

func ExampleAsLatin1() {
	fmt.Println(imitation.AsLatin1("é"), imitation.AsASCII("é"))
	// Output: Ã© ��
}
