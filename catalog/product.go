package catalog

// APIStyle is the family of request and reply formats that an endpoint speaks.
type APIStyle string

// The API styles.
const (
	// StyleNone: plain HTTP; healthy is a 2xx or 3xx status.
	StyleNone APIStyle = "none"
	// StyleAlibabaRPC: Alibaba Cloud's RPC style, signed with HMAC-SHA1.
	StyleAlibabaRPC APIStyle = "alibaba-rpc"
	// StyleTencent3: Tencent Cloud API 3.0.
	StyleTencent3 APIStyle = "tencent-3"
)

// APIStyles lists the API styles.
func APIStyles() []APIStyle { return []APIStyle{StyleNone, StyleAlibabaRPC, StyleTencent3} }

// SignatureMethods lists the names of the signature methods of the style, as requests
// carry them; none for [StyleNone].
func (s APIStyle) SignatureMethods() []string {
	switch s {
	case StyleAlibabaRPC:
		return []string{"HMAC-SHA1"}
	case StyleTencent3:
		return []string{"TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"}
	}
	return nil
}

// Product is a service with one API and one set of documented rules.
type Product struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Provider   string   `json:"provider"`
	APIStyle   APIStyle `json:"api_style"`
	APIVersion string   `json:"api_version,omitempty"` // "2016-01-20"; empty for StyleNone
	Rules      Rules    `json:"rules,omitzero"`
}
