package page

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"

	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/serving"
	"prober/monitor/view"
	"prober/prose"
)

//go:embed missing.html
var missingHTML string

// missingPage is shown in place of the page of an endpoint that is not in the list: whoever followed an old link, or made a
// slip, is led on.
type missingPage struct {
	Root, Speaker, Asked string
	Afar                 bool // others have probed
	All                  int
	Near                 []*view.Status
}

// missing serves it.
func (w *site) missing(templates *template.Template, pages *serving.Shared, rw http.ResponseWriter, r *http.Request, root string) {
	asked := prose.Cut(r.PathValue("id"), limit.WebAsked)
	pages.Serve(rw, r, serving.Text(root+"missing/"+asked, "text/html; charset=utf-8", func(out io.Writer) error {
		standing, all := w.Standing(), w.Statuses()
		return templates.Execute(out, missingPage{root, standing.Speaker, phrase.Clean(asked), standing.Afar, len(all), nearest(all, asked)})
	}).WithStatus(http.StatusNotFound))
}

// nearest are the endpoints whose ids have most parts in common with what was asked for, and then the longest beginning; a host
// that was asked for comes first. Of what has nothing in common there is none.
func nearest(all []view.Status, asked string) []*view.Status {
	type candidate struct {
		*view.Status
		parts, begin int
	}
	asked = strings.ToLower(strings.Trim(asked, "/"))
	wanted := strings.Split(asked, "/")
	var near []candidate
	for i := range all {
		c := candidate{Status: &all[i]}
		id := strings.ToLower(c.ID)
		for part := range strings.SplitSeq(id, "/") {
			if slices.Contains(wanted, part) {
				c.parts++
			}
		}
		for c.begin < min(len(id), len(asked)) && id[c.begin] == asked[c.begin] {
			c.begin++
		}
		if slices.Contains(wanted, c.Host) {
			c.parts = len(wanted) + 1
		}
		if c.parts > 0 || c.begin >= nearBegin {
			near = append(near, c)
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.parts, a.parts), cmp.Compare(b.begin, a.begin), cmp.Compare(a.ID, b.ID))
	})
	shown := make([]*view.Status, 0, limit.WebNear)
	for _, c := range near[:min(len(near), limit.WebNear)] {
		shown = append(shown, c.Status)
	}
	return shown
}

// nearBegin is how many letters at the beginning make two ids near.
const nearBegin = 3
