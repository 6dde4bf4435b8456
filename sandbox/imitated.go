package sandbox

import (
	"prober/catalog"
)

type handler func(x *exchange) *reply

type imitated struct{ build func() handler }

func (i *imitated) serve(x *exchange) *reply { return i.build()(x) }

func newImitation(s *Sandbox, e *endpoint) handler {
	return func(x *exchange) *reply {
		if e.product.APIStyle == catalog.StyleTencent3 {
			return tencentError(apiWords{200, "MissingParameter", "The request is missing a required parameter `Timestamp`."})
		}
		return alibabaError(apiWords{400, "MissingParameter", `The input parameter "AccessKeyId" that is mandatory for processing this request is not supplied.`}, e.Host, false)
	}
}
