package push

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// headerVariables are those in which the exporter looks for header fields.
var headerVariables = []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS"}

// checkHeaders says what is wrong with a list of header fields as the exporter reads it, NAME=VALUE with commas between, and
// repeats nothing of it: whichever part is wrong, it may hold the token. The exporter itself would leave the field out and go on.
func checkHeaders(list string) error {
	for i, field := range strings.Split(list, ",") {
		if strings.TrimSpace(field) == "" {
			continue
		}
		name, value, found := strings.Cut(field, "=")
		plain, err := url.PathUnescape(value)
		switch {
		case !found:
			return fmt.Errorf("field %d has no =: want NAME=VALUE, with commas between", i+1)
		case !httpguts.ValidHeaderFieldName(strings.TrimSpace(name)):
			return fmt.Errorf("what stands before the first = of field %d is no name of a header field: want NAME=VALUE, with commas between", i+1)
		case err != nil:
			return fmt.Errorf("the value of field %d has a %% that begins no escape: write it as %%25", i+1)
		case !httpguts.ValidHeaderFieldValue(plain):
			return fmt.Errorf("the value of field %d holds characters that no header field may have", i+1)
		}
	}
	return nil
}
