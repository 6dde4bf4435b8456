package report

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestRewritten(t *testing.T) {
	type inner struct{ Text string }
	type outer struct {
		Word   Outcome // a closed enum
		List   []string
		None   []string
		To     *inner
		Nobody *inner
		Raw    json.RawMessage
		At     time.Time
		N      int
	}
	in := outer{
		Word: Pass, List: []string{"a", "b"}, To: &inner{"c"}, At: time.Unix(1, 0), N: 2,
		Raw: json.RawMessage(`{"a": "b", "n": 1.50, "l": ["x", true, null, {"<é>": -0}], "e": {}}`),
	}
	want := outer{
		Word: Pass, List: []string{"A", "B"}, To: &inner{"C"}, At: time.Unix(1, 0), N: 2,
		Raw: json.RawMessage(`{"A":"B","N":1.50,"L":["X",true,null,{"<É>":-0}],"E":{}}`),
	}
	got, err := rewritten(in, strings.ToUpper)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v (%v)\nwant %+v\nraw  %s", got, err, want, got.Raw)
	}
	if in.List[0] != "a" || in.To.Text != "c" {
		t.Error("the original has changed")
	}
	if same, err := rewritten(in, nil); err != nil || !reflect.DeepEqual(same, in) {
		t.Errorf("nothing to do, and yet %+v (%v)", same, err)
	}
}
