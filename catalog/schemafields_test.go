package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	endpoints "prober"
	"prober/catalog"
)

// Every field of a list is explained, with a value that a list may have.
func TestFieldsAreExplained(t *testing.T) {
	fields, err := catalog.Fields(endpoints.Schema())
	if err != nil || len(fields) < 80 {
		t.Fatalf("%d fields: %v", len(fields), err)
	}
	unshown := 0
	for _, f := range fields {
		if f.Text == "" {
			t.Errorf("%s is not explained: %+v", f.Name(), f)
		}
		if f.Example == "" {
			unshown++
		}
		list := ""
		switch parts := strings.Split(f.Path, "."); {
		case f.Example == "":
		case strings.HasPrefix(f.Path, "endpoints.client_"), f.Path == "endpoints.tcp", f.Path == "endpoints.dns": // of which one alone means nothing
		case f.Path == "endpoints.url" || f.Path == "endpoints.host":
			list = fmt.Sprintf("endpoints: [{%s: %s}]", parts[1], f.Example)
		case len(parts) == 1:
			list = fmt.Sprintf("%s: %s\nendpoints: [{product: shop, host: api.example.com}]", f.Path, f.Example)
			if f.Path == "endpoints" {
				list = "endpoints: " + f.Example
			}
		case len(parts) == 2 && parts[0] == "endpoints" && !strings.Contains(f.Text, "API"):
			list = fmt.Sprintf("endpoints: [{product: shop, region: eu, network: public, host: api.example.com, %s: %s}]", parts[1], f.Example)
			list = strings.Replace(list, parts[1]+": "+map[string]string{"product": "shop", "region": "eu", "network": "public"}[parts[1]]+", ", "", 1)
		case len(parts) == 3 && parts[1] == "rules" && !strings.Contains(f.Text, "API"):
			list = fmt.Sprintf("products: [{id: shop, rules: {%s: %s}}]\nendpoints: [{product: shop, region: eu, host: api.example.com}]", parts[2], f.Example)
		}
		if list == "" || f.Path == "products.rules.content_types" {
			continue
		}
		if _, err := catalog.DecodeList("own.yaml", []byte(list)); err != nil {
			t.Errorf("%s: the example is no good value: %v\n%s", f.Name(), err, list)
		}
	}
	if unshown > len(fields)/10 {
		t.Errorf("%d of %d fields have no example", unshown, len(fields))
	}
}

// A field is found by its whole path or by the end of it.
func TestFieldsNamed(t *testing.T) {
	fields, err := catalog.Fields(endpoints.Schema())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"catalogue.endpoints.url":  "catalogue.endpoints.url",
		"catalogue.lifecycle":      "catalogue.endpoints.lifecycle",
		"catalogue.rules.tls":      "catalogue.products.rules.tls",
		"catalogue.tls.expect":     "catalogue.products.rules.tls.expect",
		"catalogue.schema_version": "catalogue.schema_version",
		"catalogue.lifecycel":      `a list has no field "lifecycel"; did you mean "lifecycle"?`,
		"catalogue.id":             `"id" is a field of several records: catalogue.sources.id, `,
		"catalogue.":               `a list has no field ""`,
	} {
		found, err := catalog.FieldsNamed(fields, name)
		if err != nil {
			if !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		} else if len(found) != 1 || found[0].Name() != want {
			t.Errorf("%s: %+v, want %s", name, found, want)
		}
	}
	f, err := catalog.FieldsNamed(fields, "catalogue.tls.expect")
	if err != nil || f[0].Kind != "a string" || f[0].Example != "refused" || strings.Join(f[0].Words, " ") != "required allowed refused reported" {
		t.Errorf("%+v, %v", f, err)
	}
}
