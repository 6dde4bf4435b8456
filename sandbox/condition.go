package sandbox

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

// when applies an edit to the replies of some requests only.
func when(is func(*exchange) bool, edit func(*exchange)) behaviour {
	return behaviour{edit: func(x *exchange) {
		if is(x) {
			edit(x)
		}
	}}
}

// said reads what the API said to a request.
func (x *exchange) said() (cloudapi.Reply, bool) {
	r, err := cloudapi.Read(x.c.e.product.APIStyle, x.reply.get("Content-Type"), x.reply.Body)
	return r, err == nil
}

// refusedAs tells whether the API refused a request for a situation, by the first code of
// its rule, which is the one that the imitations use.
func refusedAs(s catalog.Situation) func(*exchange) bool {
	return func(x *exchange) bool {
		said, ok := x.said()
		rule, documented := x.c.e.product.ErrorRule(s)
		return ok && said.IsError && documented && said.Code == rule.Codes[0]
	}
}

func carriedOut(x *exchange) bool {
	said, ok := x.said()
	return ok && !said.IsError
}

// asXML tells whether the API replied in XML.
func asXML(x *exchange) bool {
	said, ok := x.said()
	return ok && said.Format == cloudapi.XML
}

// byMethod tells whether a request was made with one of some methods.
func byMethod(methods ...string) func(*exchange) bool {
	return func(x *exchange) bool { return slices.Contains(methods, x.req.Method) }
}

func overPlainHTTP(x *exchange) bool { return x.c.scheme == catalog.HTTP }

// parameters are those of query, form body and X-TC- fields.
func (x *exchange) parameters() url.Values {
	v, _ := url.ParseQuery(x.req.URL.RawQuery) // what it could read
	if strings.HasPrefix(x.req.Header.Get("Content-Type"), cloudapi.FormType) {
		form, _ := url.ParseQuery(string(x.body))
		for name, values := range form {
			v[name] = append(v[name], values...)
		}
	}
	for _, name := range []string{"Action", "Timestamp", "Version"} {
		if value := x.req.Header.Get("X-TC-" + name); value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// ahead is by how much the time that a request says is ahead of the API's; 0 where it says none.
func (x *exchange) ahead() time.Duration {
	says := x.parameters().Get("Timestamp")
	at, err := time.Parse(cloudapi.AlibabaTimeLayout, says)
	if seconds, notSeconds := strconv.ParseInt(says, 10, 64); notSeconds == nil {
		at, err = time.Unix(seconds, 0), nil
	}
	if err != nil {
		return 0
	}
	return at.Sub(x.c.e.s.cfg.Now())
}

// toCome tells whether the time of a request is to come.
func toCome(x *exchange) bool { return x.ahead() > 0 }

// withinAnHour tells whether the time of a request is less than an hour off.
func withinAnHour(x *exchange) bool { return x.ahead().Abs() < time.Hour }

// bare tells whether a request has no parameter at all.
func bare(x *exchange) bool { return len(x.parameters()) == 0 }

// lacking tells whether a request has parameters, but not this one.
func lacking(name string) func(*exchange) bool {
	return func(x *exchange) bool {
		v := x.parameters()
		return len(v) > 0 && v.Get(name) == ""
	}
}

// withoutKey tells whether a request names no key at all.
func withoutKey(x *exchange) bool {
	v := x.parameters()
	return v.Get("AccessKeyId") == "" && v.Get("SecretId") == "" && x.req.Header.Get("Authorization") == ""
}

// toCustomer edits the replies to requests that name a key which the sandbox knows: an API
// looks at the key before anything that depends on it.
func toCustomer(edit func(*exchange)) func(*exchange) { return when(withKey, edit).edit }

// withKey tells whether a request names a key which the sandbox knows.
func withKey(x *exchange) bool {
	v, keys := x.parameters(), x.c.e.s.credentials
	id := v.Get("AccessKeyId") + v.Get("SecretId") + x.req.Header.Get("Authorization")
	return strings.Contains(id, keys.Alibaba.ID) || strings.Contains(id, keys.Tencent.ID)
}

// byACS3 tells whether a request is signed with ACS3-HMAC-SHA256.
func byACS3(x *exchange) bool {
	return strings.HasPrefix(x.req.Header.Get("Authorization"), cloudapi.ACS3Algorithm+" ")
}

// overIPv6 tells whether a request came to the endpoint's IPv6 address.
func overIPv6(x *exchange) bool {
	at, ok := x.conn.LocalAddr().(*net.TCPAddr)
	return ok && at.IP.To4() == nil
}

func doing(action string) func(*exchange) bool {
	return func(x *exchange) bool { return x.parameters().Get("Action") == action }
}

// beyondASCII tells whether the text of a request is not all ASCII.
func beyondASCII(x *exchange) bool {
	isBeyond := func(r rune) bool { return r > 0x7f }
	if strings.ContainsFunc(string(x.body), isBeyond) {
		return true
	}
	for name, values := range x.parameters() {
		for _, text := range append(values, name) {
			if strings.ContainsFunc(text, isBeyond) {
				return true
			}
		}
	}
	return false
}

// both joins two conditions.
func both(a, b func(*exchange) bool) func(*exchange) bool {
	return func(x *exchange) bool { return a(x) && b(x) }
}

func hasMediaType(x *exchange, is string) bool {
	return strings.HasPrefix(x.req.Header.Get("Content-Type"), is)
}

// largerThan tells whether the parameters of a request take more than n bytes.
func largerThan(n int) func(*exchange) bool {
	return func(x *exchange) bool { return len(x.req.URL.RawQuery)+len(x.body) > n }
}

// overHMACLimit tells whether the API refused a form for its size, which it calls a failed
// signature.
func (x *exchange) overHMACLimit() bool {
	said, ok := x.said()
	return ok && strings.Contains(said.Message, "exceeding request size limit")
}
