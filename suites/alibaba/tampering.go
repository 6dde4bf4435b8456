package alibaba

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"prober/cloudapi"
	"prober/suites/common"
	"prober/suites/kit"
)

// tampered are the questions about calls that are not what was signed, by one way.
func (q *Questions) tampered(call cloudapi.AlibabaCall, w way) []*kit.Question {
	var all []*kit.Question
	tamperings := common.Tamperings(false) // hosts are no part of what version 1.0 signs
	for _, name := range slices.Sorted(maps.Keys(tamperings)) {
		all = append(all, &kit.Question{Name: name + w.suffix, Needs: kit.Credentials, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return w.make(a, situation{call: call, key: a.Alibaba, tampered: tamperings[name]})
		}})
	}
	q.Signed = slices.Concat(q.Signed, all)
	return all
}

// added is a parameter that no action has, and that was not signed.
const added = "added after it was signed"

// tamper does to signed parameters what a situation says.
func (s situation) tamper(method string, v url.Values) {
	switch s.tampered {
	case common.Changed:
		v.Set(common.ProbeText, added)
	case common.ForOtherMethod:
		v.Set("Signature", cloudapi.SignRPC(common.OtherMethod(method), v, s.key.Secret))
	case common.Unsigned:
		v.Del("Signature")
	}
}

// tamperACS3 does to a request that is signed by version 3 what a situation says.
func tamperACS3(r cloudapi.Request, s situation) cloudapi.Request {
	switch s.tampered {
	case common.Changed:
		more := cloudapi.EncodeParams(url.Values{common.ProbeText: {added}})
		if len(r.Body) > 0 {
			r.Body = []byte(string(r.Body) + "&" + more)
		} else {
			r.Query = strings.TrimPrefix(r.Query+"&"+more, "&")
		}
	case common.ForOtherMethod:
		in := cloudapi.ACS3Input{
			Method: common.OtherMethod(r.Method), Path: r.Path, Payload: r.Body,
			Headers: append([]cloudapi.Field{{Name: "Host", Value: r.Host}}, r.Without("Authorization").Header...),
		}
		in.Query, _ = url.ParseQuery(r.Query) // of its own making
		r = r.With("Authorization", cloudapi.SignACS3(in, s.key).Authorization)
	case common.Unsigned:
		before, _, _ := strings.Cut(r.Get("Authorization"), ",Signature=")
		r = r.With("Authorization", before)
	}
	return r
}
