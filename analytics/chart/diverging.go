package chart

import (
	"fmt"
	"math"

	"soundings/analytics/stats"
)

// DivergingRow is how one group, or everybody for one question, answered.
type DivergingRow struct {
	Name   string
	Shares []float64 // percent by level, from the least favourable; nil where they are not shown
	Tips   []string  // what each share says when it is pointed at
	End    string    // stands at the end of the row
}

// Diverging draws stacked bars that are centred on the middle level: the unfavourable answers to the left of it, the
// favourable to the right. levels are the names of the levels, three, five or seven.
func Diverging(levels []string, list []DivergingRow) ([]byte, error) {
	names, ends := make([]string, len(list)), make([]string, len(list))
	var left, right float64 // the widest row on either side of the middle
	for i, row := range list {
		names[i], ends[i] = row.Name, row.End
		l, r := sidesOf(row.Shares)
		left, right = math.Max(left, l), math.Max(right, r)
	}
	offset := make([]piece, len(list))
	series := []pieces{bars("", "levels", "transparent", offset)}
	series[0].Silent = true
	for i, row := range list {
		l, _ := sidesOf(row.Shares)
		offset[i] = piece{Value: round(left - l)}
	}
	for level, name := range levels {
		data := make([]piece, len(list))
		for i, row := range list {
			if row.Shares != nil {
				share := row.Shares[level]
				data[i] = piece{Value: round(share), Name: row.Tips[level]}
				if share >= leastPrint {
					data[i].Label = &pieceLabel{true, fmt.Sprintf("%.0f", stats.Whole(share))}
				}
			}
		}
		series = append(series, bars(name, "levels", levelColour(level, len(levels)), data))
	}
	return rows(names, ends, levels, math.Max(left+right, 1), series)
}

// sidesOf is how far a row reaches to the left and to the right of the middle of its middle level.
func sidesOf(shares []float64) (left, right float64) {
	middle := len(shares) / 2
	for level, share := range shares {
		switch {
		case level < middle:
			left += share
		case level > middle:
			right += share
		default:
			left, right = left+share/2, right+share/2
		}
	}
	return left, right
}

// middleColour is a little darker than the middle of the nine: bars lie on white paper, without a cell around them.
const middleColour = "#e3e6e9"

func levelColour(level, levels int) string {
	if 2*level+1 == levels {
		return middleColour
	}
	of := map[int][]int{3: {1, 4, 7}, 5: {0, 2, 4, 6, 8}, 7: {0, 1, 2, 4, 6, 7, 8}}[levels]
	if level >= len(of) {
		return middleColour
	}
	return scale[of[level]]
}
