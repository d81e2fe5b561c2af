package chart

import (
	"encoding/json"
	"math"
)

// MoveRow is where a department, or the mean of several, stood before something and stands after it.
type MoveRow struct {
	Name     string
	From, To float64
	Visited  bool
	Whole    bool   // the mean of the rows of its side
	Tip      string // what it says when it is pointed at
	End      string // stands at the end of the row
}

const scaleHeight = 28 // pixels for the figures of a scale

// MovesSize is the paper of a chart of so many moves.
func MovesSize(rows int) Size {
	size := BarsSize(rows)
	size.Height += scaleHeight
	return size
}

// moveMark is a point of a row, or the line between both.
type moveMark struct {
	Value  any               `json:"value"`
	Name   string            `json:"name,omitempty"`
	Symbol string            `json:"symbol,omitempty"`
	Size   int               `json:"symbolSize,omitempty"`
	Style  map[string]string `json:"itemStyle"`
}

// Moves draws a line for each row from a small point, where it stood, to a large one, where it stands: those that were
// visited in colour with a triangle, the others in grey with a circle, the means of both sides larger than their rows.
func Moves(list []MoveRow) ([]byte, error) {
	low, high := 100.0, 0.0
	names, ends := make([]string, len(list)), make([]string, len(list))
	hidden, lines := make([]moveMark, len(list)), make([]moveMark, len(list))
	var before, after []moveMark
	for i, row := range list {
		names[i], ends[i] = row.Name, row.End
		from, to := round(row.From), round(row.To)
		low, high = min(low, from, to), max(high, from, to)
		colour, symbol, size := organisation, "circle", 10
		if row.Visited {
			colour, symbol = plain.Colour, "triangle"
		}
		if row.Whole {
			size = 16
		}
		style := map[string]string{"color": colour}
		hidden[i] = moveMark{Value: min(from, to), Style: map[string]string{"color": "transparent"}}
		lines[i] = moveMark{Value: round(max(from, to) - min(from, to)), Style: style}
		before = append(before, moveMark{Value: [2]float64{from, float64(i)}, Name: row.Tip, Symbol: "circle", Size: size - 4, Style: map[string]string{"color": unchosen}})
		after = append(after, moveMark{Value: [2]float64{to, float64(i)}, Name: row.Tip, Symbol: symbol, Size: size, Style: style})
	}
	low, high = math.Floor(low/10)*10, math.Ceil(high/10)*10
	if low == high { // everything lies on one step
		low, high = max(0, low-10), min(100, high+10)
	}
	bar := func(data []moveMark) map[string]any {
		return map[string]any{"type": "bar", "stack": "moves", "silent": true, "barWidth": 3, "data": data}
	}
	points := func(data []moveMark, z int) map[string]any {
		return map[string]any{"type": "scatter", "z": z, "data": data}
	}
	options := rowsOn(map[string]any{"type": "value", "min": low, "max": high}, names, ends, []any{bar(hidden), bar(lines), points(before, 4), points(after, 5)})
	roomBeneath(options, scaleHeight-8)
	return json.Marshal(options)
}
