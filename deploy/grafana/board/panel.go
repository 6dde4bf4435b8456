package board

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// panel is what all kinds of panels have in common.
type panel struct {
	title string
	about string // the question that the panel answers, and what it leaves out
	// quiet is shown where there is nothing to show. A panel without it always has something to show.
	quiet string
	// width is in columns, of which a dashboard has 24.
	width, height uint32
	unit          string
	decimals      *float64
	mappings      []dashboard.ValueMapping
	steps         []dashboard.Threshold
	queries       []query
}

// query is one question to Prometheus, and how its answers are called.
type query struct {
	legend, expr string
	color        string // of its series; empty is one of Grafana's own
}

// source is the data source that the variable of this name says.
func source() common.DataSourceRef {
	return common.DataSourceRef{Type: cog.ToPtr("prometheus"), Uid: cog.ToPtr("${datasource}")}
}

// targets are the queries in Grafana's form; over says how one is asked: at an instant, or over a range.
func (p panel) targets(over func(*prometheus.DataqueryBuilder) *prometheus.DataqueryBuilder) []cog.Builder[variants.Dataquery] {
	list := make([]cog.Builder[variants.Dataquery], 0, len(p.queries))
	for i, q := range p.queries {
		list = append(list, over(prometheus.NewDataqueryBuilder().
			RefId(ref(i)).Datasource(source()).Expr(q.expr).LegendFormat(q.legend).
			EditorMode(prometheus.QueryEditorModeCode)))
	}
	return list
}

// ref is the letter by which Grafana calls the query at i.
func ref(i int) string { return string(rune('A' + i)) }

func instant(q *prometheus.DataqueryBuilder) *prometheus.DataqueryBuilder { return q.Instant() }
func ranged(q *prometheus.DataqueryBuilder) *prometheus.DataqueryBuilder  { return q.Range() }
func rows(q *prometheus.DataqueryBuilder) *prometheus.DataqueryBuilder {
	return q.Instant().Format(prometheus.PromQueryFormatTable)
}

// frame is what every builder of a panel can do, whatever its kind.
type frame[B any] interface {
	Title(string) B
	Description(string) B
	Datasource(common.DataSourceRef) B
	Span(uint32) B
	Height(uint32) B
	Unit(string) B
	Decimals(float64) B
	NoValue(string) B
	Mappings([]dashboard.ValueMapping) B
	Thresholds(cog.Builder[dashboard.ThresholdsConfig]) B
	OverrideByName(string, []dashboard.DynamicConfigValue) B
	OverrideByQuery(string, []dashboard.DynamicConfigValue) B
}

// framed gives b what panels have in common.
func framed[B frame[B]](b B, p panel) B {
	b = b.Title(p.title).Description(p.about).Datasource(source()).Span(p.width).Height(p.height).
		Unit(p.unit).Mappings(p.mappings).
		Thresholds(dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(p.steps))
	if p.decimals != nil {
		b = b.Decimals(*p.decimals)
	}
	if p.quiet != "" {
		b = b.NoValue(p.quiet)
	}
	for i, q := range p.queries {
		if q.color != "" {
			b = b.OverrideByQuery(ref(i), []dashboard.DynamicConfigValue{
				{Id: "color", Value: map[string]string{"mode": "fixed", "fixedColor": q.color}},
			})
		}
	}
	return b
}

// number is a panel of few large numbers, as they are now.
func number(p panel) *stat.PanelBuilder {
	if p.steps == nil {
		p.steps = plain()
	}
	return framed(stat.NewPanelBuilder(), p).Targets(p.targets(instant)).
		GraphMode(common.BigValueGraphModeNone).ColorMode(common.BigValueColorModeValue).
		TextMode(common.BigValueTextModeAuto).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}))
}

// lines is a panel of lines over time.
func lines(p panel) *timeseries.PanelBuilder {
	if p.steps == nil {
		p.steps = plain()
	}
	return framed(timeseries.NewPanelBuilder(), p).Targets(p.targets(ranged)).
		LineWidth(1).FillOpacity(0).ShowPoints(common.VisibilityModeAuto).
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).
			DisplayMode(common.LegendDisplayModeTable).Placement(common.LegendPlacementRight).
			Calcs([]string{"lastNotNull", "max"})).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderDescending))
}

// areas is lines that add up.
func areas(p panel) *timeseries.PanelBuilder {
	return lines(p).FillOpacity(40).AxisSoftMin(0).
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal))
}

// timeline is a panel of states over time, one row for each series.
func timeline(p panel) *statetimeline.PanelBuilder {
	if p.steps == nil {
		p.steps = plain()
	}
	return framed(statetimeline.NewPanelBuilder(), p).Targets(p.targets(ranged)).
		ShowValue(common.VisibilityModeNever).MergeValues(true).RowHeight(0.85).PerPage(40).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdThresholds)).
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).
			DisplayMode(common.LegendDisplayModeList).Placement(common.LegendPlacementBottom))
}

// column is one of a table: of what a query answers (the queries are the panel's, in their order), or of a label.
type column struct {
	of       string // the label; empty for the next query's values
	name     string
	unit     string
	decimals *float64
	mappings []dashboard.ValueMapping
	steps    []dashboard.Threshold
	colored  bool // in the background of the cell
	links    []link
	width    int
}

// grid is a table. Rows of the queries that have the same labels become one; columns that are not named are left out.
func grid(p panel, columns []column) *table.PanelBuilder {
	p.steps = plain()
	b := framed(table.NewPanelBuilder(), p).Targets(p.targets(rows)).ShowHeader(true).
		CellHeight(common.TableCellHeightSm).Footer(noFooter())
	keep := make([]string, 0, len(columns))
	rename, index := map[string]string{}, map[string]int{}
	values := 0
	for i, c := range columns {
		from := []string{c.of}
		if c.of == "" {
			// Grafana calls the values "Value #A" and so on, but "Value" where one query alone has an answer.
			from = []string{"Value #" + ref(values)}
			if values == 0 {
				from = append(from, "Value")
			}
			values++
		}
		for _, f := range from {
			keep = append(keep, f)
			rename[f], index[f] = c.name, i
		}
		if set := c.settings(); len(set) > 0 {
			b = b.OverrideByName(c.name, set)
		}
	}
	return b.
		WithTransformation(dashboard.DataTransformerConfig{Id: "merge", Options: map[string]any{}}).
		WithTransformation(dashboard.DataTransformerConfig{Id: "filterFieldsByName", Options: map[string]any{
			"include": map[string]any{"names": keep},
		}}).
		WithTransformation(dashboard.DataTransformerConfig{Id: "organize", Options: map[string]any{
			"excludeByName": map[string]bool{}, "indexByName": index, "renameByName": rename,
		}})
}

// settings are those that the column has apart from the others.
func (c column) settings() []dashboard.DynamicConfigValue {
	var set []dashboard.DynamicConfigValue
	add := func(id string, value any) { set = append(set, dashboard.DynamicConfigValue{Id: id, Value: value}) }
	if c.unit != "" {
		add("unit", c.unit)
	}
	if c.decimals != nil {
		add("decimals", *c.decimals)
	}
	if c.mappings != nil {
		add("mappings", c.mappings)
	}
	if c.steps != nil {
		add("thresholds", dashboard.ThresholdsConfig{Mode: dashboard.ThresholdsModeAbsolute, Steps: c.steps})
		add("color", map[string]string{"mode": "thresholds"})
	}
	switch {
	case c.colored:
		add("custom.cellOptions", map[string]string{"type": "color-background"})
	case c.steps != nil || c.mappings != nil:
		add("custom.cellOptions", map[string]string{"type": "color-text"})
	}
	if len(c.links) > 0 {
		add("links", c.links)
	}
	if c.width > 0 {
		add("custom.width", c.width)
	}
	return set
}

// matrix is a table with a row for each value of the label row, and a column for each of the label col.
func matrix(p panel, row, col string, links []link) *table.PanelBuilder {
	p.steps = plain()
	b := framed(table.NewPanelBuilder(), p).Targets(p.targets(rows)).ShowHeader(true).
		CellHeight(common.TableCellHeightSm).Footer(noFooter()).
		WithTransformation(dashboard.DataTransformerConfig{Id: "groupingToMatrix", Options: map[string]string{
			"rowField": row, "columnField": col, "valueField": "Value", "emptyValue": "empty",
		}}).
		OverrideByFieldType("number", []dashboard.DynamicConfigValue{
			{Id: "custom.cellOptions", Value: map[string]string{"type": "color-background"}},
		})
	// Grafana calls the first column ROW\COLUMN.
	return b.OverrideByRegexp(`/\\/`, []dashboard.DynamicConfigValue{{Id: "displayName", Value: row}, {Id: "links", Value: links}})
}

// noFooter is what a table without sums has to say.
func noFooter() *common.TableFooterOptionsBuilder {
	return common.NewTableFooterOptionsBuilder().Show(false).Reducer([]string{})
}

// plain is the threshold of numbers that are neither good nor bad.
func plain() []dashboard.Threshold { return []dashboard.Threshold{{Color: "text"}} }

// steps are thresholds: base below the first, and then each from its value on.
func steps(base string, from ...any) []dashboard.Threshold {
	list := []dashboard.Threshold{{Color: base}}
	for i := 0; i+1 < len(from); i += 2 {
		list = append(list, dashboard.Threshold{Value: cog.ToPtr(from[i].(float64)), Color: from[i+1].(string)})
	}
	return list
}

const (
	seconds = units.Seconds
	share   = units.PercentUnit
	count   = units.Short
)
