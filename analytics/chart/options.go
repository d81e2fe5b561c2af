package chart

import "math"

// BarRow is one bar, with the interval of its value if it has one.
type BarRow struct {
	Name        string
	Value       float64 // percent
	Low, High   float64
	HasInterval bool
	Tip         string // what it says when it is pointed at
	End         string // stands at the end of the row
}

// barColour is of what stands on no scale from closed to open.
const barColour = "#56b4e9"

// Bars draws shares as horizontal bars with a thin line for the interval of each.
func Bars(list []BarRow) ([]byte, error) {
	names, ends := make([]string, len(list)), make([]string, len(list))
	values, from, width := make([]piece, len(list)), make([]piece, len(list)), make([]piece, len(list))
	most := 1.0
	for i, row := range list {
		names[i], ends[i] = row.Name, row.End
		values[i] = piece{Value: round(row.Value), Name: row.Tip}
		most = math.Max(most, row.Value)
		if row.HasInterval {
			most = math.Max(most, row.High)
			from[i].Value = round(row.Low)
			width[i].Value = round(round(row.High) - from[i].Value)
		}
	}
	// The intervals lie over the bars, since they hang on the other axis: an invisible piece up to the low end of each, and a
	// thin one from there.
	series := []pieces{bars("", "", barColour, values), bars("", "interval", "transparent", from), bars("", "interval", "#000000", width)}
	for i := range series[1:] {
		s := &series[i+1]
		s.Silent, s.BarWidth, s.YAxisIndex = true, "3", 1
	}
	return rows(names, ends, nil, most, series)
}
