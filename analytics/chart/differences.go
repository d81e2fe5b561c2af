package chart

import (
	"math"

	"soundings/analytics/stats"
)

// DifferenceRow is how far two groups are apart in one measure, with the interval of it.
type DifferenceRow struct {
	Name             string
	Value, Low, High float64
	Verdict          stats.Verdict
	Tip              string // what it says when it is pointed at
	End              string // stands at the end of the row
}

// difference is the point of a row.
type difference struct {
	Value [2]float64        `json:"value"` // along the axis, and which row
	Name  string            `json:"name"`
	Style map[string]string `json:"itemStyle"`
}

// Differences draws each difference as a point on a line for its interval, left and right of nothing. Only clear ones have a
// colour.
func Differences(list []DifferenceRow) ([]byte, error) {
	reach := 5.0
	for _, row := range list {
		reach = math.Max(reach, math.Max(-row.Low, row.High))
	}
	reach = math.Ceil(reach + 1)
	names, ends := make([]string, len(list)), make([]string, len(list))
	from, width, points := make([]piece, len(list)), make([]piece, len(list)), make([]difference, len(list))
	for i, row := range list {
		names[i], ends[i] = row.Name, row.End
		// The axis begins at 0, since stacked bars do; it is not shown.
		from[i].Value = round(row.Low + reach)
		width[i].Value = round(round(row.High+reach) - from[i].Value)
		colour := organisation
		switch row.Verdict {
		case stats.ClearlyUp:
			colour = scale[7]
		case stats.ClearlyDown:
			colour = scale[1]
		}
		points[i] = difference{[2]float64{round(row.Value + reach), float64(i)}, row.Tip, map[string]string{"color": colour}}
	}
	series := []any{}
	for _, s := range []pieces{bars("", "interval", "transparent", from), bars("", "interval", unchosen, width)} {
		s.Silent, s.BarWidth = true, "5"
		series = append(series, s)
	}
	nothing := map[string]any{"silent": true, "symbol": "none", "label": visible{}, "lineStyle": map[string]any{"color": organisation, "type": "solid", "width": 1},
		"data": []any{map[string]float64{"xAxis": reach}}}
	series = append(series, map[string]any{"type": "scatter", "symbolSize": 12, "data": points, "z": 5, "markLine": nothing})
	return rows(names, ends, nil, 2*reach, series)
}
