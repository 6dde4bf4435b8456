package catalog_test

// What a JSON Schema can say of an invalid file.
type schemaVerdict int

const (
	notJSON schemaVerdict = iota // the text cannot be read at all
	seen                         // the schema rejects it
	beyond                       // only the program can tell: uniqueness, references
)

// invalidFiles has one file of testdata for each rule of the format, with the exact
// errors, without the file name that begins each line.
func invalidFiles() map[string]struct {
	want   string
	schema schemaVerdict
} {
	return map[string]struct {
		want   string
		schema schemaVerdict
	}{
		"empty":                           {`1:1: unexpected end of JSON input`, notJSON},
		"byte-order-mark":                 {`1:1: the file begins with a byte order mark; save it as UTF-8 without one`, notJSON},
		"not-utf8":                        {`7:53: byte 0xff is not UTF-8`, notJSON},
		"syntax":                          {`7:61: invalid character '}' looking for beginning of object key string; leave out the comma before it`, notJSON},
		"trailing-data":                   {`16:1: invalid character '{' after top-level value`, notJSON},
		"truncated":                       {`15:1: unexpected end of JSON input`, notJSON},
		"root-list":                       {`1: want an object, got a list`, seen},
		"duplicate-key":                   {`13: endpoints[0].host: given twice`, beyond},
		"unknown-field":                   {`13: endpoints[0].lifecicle: unknown field; did you mean "lifecycle"?`, seen},
		"unknown-field-case":              {`2: Schema_Version: unknown field; did you mean "schema_version"?`, seen},
		"missing-host":                    {`13: endpoints[0].host: missing`, seen},
		"missing-endpoints":               {`1: endpoints: missing`, seen},
		"empty-endpoints":                 {`12: endpoints: empty`, seen},
		"empty-title":                     {`4: sources[0].title: empty`, seen},
		"wrong-kind":                      {`13: endpoints[0].host: want a string, got a list`, seen},
		"null":                            {`13: endpoints[0].host: null is no value; leave the field out`, seen},
		"fraction":                        {`2: schema_version: 1.5 is not a whole number`, seen},
		"schema-version":                  {`2: schema_version: version 2 of the format is not known; known: 1`, seen},
		"source-id":                       {`4: sources[0].id: "Own words" is not an id; use a-z and 0-9, joined by single '-', '_' or '.'`, seen},
		"source-twice":                    {`5: sources[1].id: source "own" is listed twice`, beyond},
		"source-date":                     {`5: sources[0].date: "28 January 2021" is not a date; write YYYY-MM-DD, YYYY-MM or YYYY`, seen},
		"source-url":                      {`5: sources[0].url: "vendor.example/manual" is not a web address`, seen},
		"region-twice":                    {`8: regions[1].id: region "office" of us is listed twice`, beyond},
		"region-id":                       {`7: regions[0].id: "off/ice" is not an id; use a-z and 0-9, joined by single '-', '_' or '.'`, seen},
		"product-twice":                   {`11: products[1].id: product "shop" is listed twice`, beyond},
		"style":                           {`10: products[0].api_style: "alibaba-rcp" is not an API style; did you mean "alibaba-rpc"? known: none, alibaba-rpc, tencent-3`, seen},
		"version-missing":                 {`13: products[0].api_version: missing; an API of style "tencent-3" needs one`, seen},
		"version-of-none":                 {`10: products[0].api_version: an API of style "none" has no version`, seen},
		"version-format":                  {`18: products[0].api_version: "v3" is not a version; the providers write YYYY-MM-DD`, seen},
		"action-of-none":                  {`10: products[0].read_only_action: an API of style "none" has no actions`, seen},
		"action":                          {`18: products[0].read_only_action: "Describe Doors" is not an action; they are letters and digits, as in DescribeRegions`, seen},
		"id":                              {`13: endpoints[0].id: "shop/office/vpc" does not say product, region and network; want "shop/office/public", or that with a name behind it, as "shop/office/public/api-2"`, beyond},
		"id-name":                         {`13: endpoints[0].id: "Api_2" is no name behind "shop/office/public"; use a-z and 0-9, joined by single '-', '_' or '.'`, seen},
		"id-five-parts":                   {`13: endpoints[0].id: "api/2" is no name behind "shop/office/public"; use a-z and 0-9, joined by single '-', '_' or '.'`, beyond},
		"endpoint-twice":                  {`14: endpoints[1].id: endpoint "shop/office/public" is listed twice, first on line 13; where one region and network has several hosts, a name behind each id tells them apart, as "shop/office/public/api-2"`, beyond},
		"host-twice":                      {`42: endpoints[1].host: "vault.north.example" is listed twice for vault, first on line 41 as "vault/north/public": both would measure the same`, beyond},
		"unknown-product":                 {`13: endpoints[0].product: unknown product "shopp"; did you mean "shop"? known: shop`, beyond},
		"unknown-region":                  {`13: endpoints[0].region: unknown region of us "ofice"; did you mean "office"? known: office`, beyond},
		"region-of-other-provider":        {`13: endpoints[0].region: unknown region of us "office"; known: none`, beyond},
		"unknown-source":                  {`13: endpoints[0].sources[0]: unknown source "owm"; did you mean "own"? known: own`, beyond},
		"source-named-twice":              {`13: endpoints[0].sources[1]: source "own" is named twice`, seen},
		"no-source":                       {`13: endpoints[0].sources: empty`, seen},
		"network":                         {`13: endpoints[0].network: "internal" is not a network; known: public, vpc`, seen},
		"lifecycle":                       {`13: endpoints[0].lifecycle: "retired" is not a lifecycle; known: active, closed, doubtful`, seen},
		"host-empty-label":                {`13: endpoints[0].host: "shop..example" is not a host name: it has an empty label`, seen},
		"host-upper-case":                 {`13: endpoints[0].host: "Shop.example" is not a host name: it is not in lower case`, seen},
		"host-final-dot":                  {`13: endpoints[0].host: "shop.example." is not a host name: it ends in a dot`, seen},
		"host-address":                    {`13: endpoints[0].host: "192.0.2.1" is not a host name: it is an address`, beyond},
		"host-character":                  {`13: endpoints[0].host: "shop_1.example" is not a host name: it has a character other than a-z, 0-9, hyphen and dot`, seen},
		"host-hyphen":                     {`13: endpoints[0].host: "-shop.example" is not a host name: it has a label that begins or ends with a hyphen`, seen},
		"host-number":                     {`13: endpoints[0].host: "shop.1" is not a host name: its last label is a number`, seen},
		"host-long-label":                 {`13: endpoints[0].host: "ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss.example" is not a host name: it has a label longer than 63 characters`, seen},
		"host-long":                       {"13: endpoints[0].host: \"ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss.ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss.ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss.ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss.ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss\" is not a host name: it is longer than 253 characters", seen},
		"ports-empty":                     {`42: endpoints[1].ports: names no port; want 1 to 65535 for https, http or both`, seen},
		"port-zero":                       {`42: endpoints[1].ports.http: 0 is not a port; want 1 to 65535`, seen},
		"port-range":                      {`42: endpoints[1].ports.https: 84430 is out of range; want 0 to 65535`, seen},
		"rule-no-source":                  {`20: products[0].rules.schemes.sources: empty`, seen},
		"rule-unknown-source":             {`20: products[0].rules.schemes.sources[0]: unknown source "manuel"; did you mean "manual"? known: manual, notice`, beyond},
		"rule-id":                         {`20: products[0].rules.schemes.id: "ecs/schemes" is not a rule id of this product; want "vault/..."`, beyond},
		"rule-twice":                      {`32: products[0].rules.tls[1].id: rule "vault/tls/TLS1.0" is listed twice, first as products[0].rules.tls[0]`, beyond},
		"scheme":                          {`20: products[0].rules.schemes.served[0]: "ftp" is not a scheme; known: https, http`, seen},
		"scheme-served-and-refused":       {`20: products[0].rules.schemes.refused[0]: "https" stands under served already`, beyond},
		"method":                          {`21: products[0].rules.methods.served[0]: "post" is not an HTTP method; they are upper case`, seen},
		"method-twice":                    {`21: products[0].rules.methods.allowed[0]: "POST" stands under served already`, beyond},
		"no-parameter":                    {`22: products[0].rules.parameters.required: empty`, seen},
		"content-type":                    {`24: products[0].rules.content_types[0].content_type: "application/json; charset=utf-8" is not a media type in lower case without parameters`, seen},
		"signature-method-of-other-style": {`24: products[0].rules.content_types[0].signature_methods[0]: unknown signature method of style "tencent-3" "HMAC-SHA1"; did you mean "HmacSHA1"? known: TC3-HMAC-SHA256, HmacSHA1, HmacSHA256`, beyond},
		"size":                            {`27: products[0].rules.size_limits[0].bytes: 0 is not a size`, seen},
		"charset":                         {`29: products[0].rules.encoding.charset: "GBK" is not a charset that can be checked; known: UTF-8`, seen},
		"tls-version":                     {`31: products[0].rules.tls[0].version: "TLS1.4" is not a TLS version; did you mean "TLS1.0"? known: SSLv2, SSLv3, TLS1.0, TLS1.1, TLS1.2, TLS1.3`, seen},
		"tls-expectation":                 {`31: products[0].rules.tls[0].expect: "forbidden" is not an expectation; known: required, allowed, refused, reported`, seen},
		"tls-from-without-offset":         {`32: products[0].rules.tls[1].from: "2026-12-01T00:00:00" has no offset from UTC; write it as in 2026-12-01T00:00:00+08:00`, seen},
		"tls-from-date":                   {`32: products[0].rules.tls[1].from: "2026-12-01" is not an instant; write it as in 2026-12-01T00:00:00+08:00`, seen},
		"tls-region":                      {`32: products[0].rules.tls[1].regions[0]: unknown region of vendor "west"; known: north, south`, beyond},
		"situation":                       {`35: products[0].rules.errors[0].situation: "trottled" is not a situation; did you mean "throttled"? known: bare, unknown-action, unknown-version, missing-key, missing-parameter, unknown-parameter, unknown-key, inactive-key, bad-authorization, bad-signature, bad-signature-method, bad-token, expired-timestamp, malformed-timestamp, replayed-nonce, bad-format, unsupported-method, plain-http, too-large, too-large-hmac, unsupported-region, throttled, forbidden, server-error`, seen},
		"situation-twice":                 {`36: products[0].rules.errors[1].situation: "throttled" has a rule already`, beyond},
		"code-pattern-first":              {`35: products[0].rules.errors[0].codes[0]: "RequestLimitExceeded*" is not an error code; only a later one may end in *`, seen},
		"code-pattern-inside":             {`35: products[0].rules.errors[0].codes[1]: "Request*Exceeded" is not an error code; only a later one may end in *`, seen},
		"per-second":                      {`35: products[0].rules.errors[0].per_second: 20 is not a number of requests a second that are not throttled`, beyond},
		"status":                          {`35: products[0].rules.errors[0].statuses[0]: 100 is not the status of a final response`, seen},
		"several": {`13: endpoints[0].network: "publik" is not a network; did you mean "public"? known: public, vpc
13: endpoints[0].host: "shop..example" is not a host name: it has an empty label
13: endpoints[0].sources[0]: unknown source "owm"; did you mean "own"? known: own`, seen},
	}
}
