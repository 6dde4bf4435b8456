package sandbox_test

import (
	"errors"
	"strings"
	"testing"

	"prober/cloudapi"
	"prober/sandbox"
)

// TestAPIFaultsInEveryFamilyAndFormat reads the replies of faults of the API with the
// readers of package cloudapi.
func TestAPIFaultsInEveryFamilyAndFormat(t *testing.T) {
	s := start(t, sandbox.Config{})
	const query = "?Action=DescribeRegions&Version=2014-05-26&Format="
	alibaba := func(body string) (cloudapi.Reply, error) { return cloudapi.ReadAlibaba("", []byte(body)) }
	tencent := func(body string) (cloudapi.Reply, error) { return cloudapi.ReadTencent([]byte(body)) }
	for _, test := range []struct {
		fault, id, query string
		read             func(body string) (cloudapi.Reply, error)
		status, code     string
		err              error
	}{
		{"server_error", "ecs/default/public", query + "JSON", alibaba, "500", "InternalError", nil},
		{"server_error", "ecs/default/public", query + "XML", alibaba, "500", "InternalError", nil},
		{"server_error", "gaap/nearest/public", "", tencent, "200", "InternalError", nil},
		{"server_error_unavailable", "kms/cn-beijing/public", "", alibaba, "503", "ServiceUnavailable", nil},
		{"rate_limited", "ecs/default/public", query + "XML", alibaba, "400", "Throttling", nil},
		{"rate_limited", "gaap/nearest/public", "", tencent, "200", "RequestLimitExceeded", nil},
		{"credentials", "ecs/default/public", query + "XML", alibaba, "400", "InvalidAccessKeyId.Inactive", nil},
		{"credentials", "gaap/nearest/public", "", tencent, "200", "AuthFailure.SecretIdNotFound", nil},
		{"call_refused", "gaap/nearest/public", "", tencent, "200", "MissingParameter", nil},
		{"call_refused_unknown_action", "kms/cn-beijing/public", "", alibaba, "404", "InvalidAction.NotFound", nil},
		{"clock", "kms/cn-beijing/public", "", alibaba, "400", "InvalidTimeStamp.Expired", nil},
		{"clock", "gaap/nearest/public", "", tencent, "200", "AuthFailure.SignatureExpire", nil},
		{"wrong_shape", "gaap/nearest/public", "", tencent, "400", "", cloudapi.ErrWrongShape},
		{"wrong_shape", "ecs/default/public", query + "XML", alibaba, "200", "", cloudapi.ErrWrongShape},
		{"wrong_shape_no_request_id", "ecs/default/public", query + "XML", alibaba, "400", "", cloudapi.ErrWrongShape},
		{"wrong_shape_no_request_id", "gaap/nearest/public", "", tencent, "200", "", cloudapi.ErrWrongShape},
		{"wrong_shape_generic", "gaap/nearest/public", "", tencent, "400", "", cloudapi.ErrWrongShape},
		{"not_api", "gaap/nearest/public", "", tencent, "200", "", cloudapi.ErrNotAPI},
		{"not_api_empty", "ecs/default/public", query + "XML", alibaba, "200", "", cloudapi.ErrNotAPI},
	} {
		t.Run(test.fault+"/"+test.id, func(t *testing.T) {
			e, _ := s.Catalog().Endpoint(test.id)
			if err := s.SetFault(e.ID, test.fault); err != nil {
				t.Fatal(err)
			}
			query := test.query
			if test.fault == "credentials" || strings.HasPrefix(test.fault, "call_refused") || test.fault == "clock" { // which are about the customer's calls
				query = asCustomer(s, query)
			}
			got := (&witness{s: s, e: e, query: query}).look()
			if !strings.HasPrefix(got.head(), "HTTP/1.1 "+test.status+" ") {
				t.Errorf("%s, want status %s", got.head(), test.status)
			}
			reply, err := test.read(got.body())
			if !errors.Is(err, test.err) || reply.Code != test.code && test.err == nil {
				t.Errorf("%q reads as code %q, %v; want %q, %v", got.body(), reply.Code, err, test.code, test.err)
			}
			if strings.HasSuffix(test.query, "XML") && test.err == nil && reply.Format != cloudapi.XML {
				t.Errorf("the format is %v", reply.Format)
			}
		})
	}
}

// asCustomer adds the sandbox's own key ids to a query, for either provider.
func asCustomer(s *sandbox.Sandbox, query string) string {
	keys := s.Credentials()
	if query == "" {
		query = "?Action=DescribeRegions&Version=2014-05-26&Format=JSON"
	}
	return query + "&AccessKeyId=" + keys.Alibaba.ID + "&SecretId=" + keys.Tencent.ID
}
