package chart

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// HeatCell is one group for one question: its score on the scale, or what stands there instead.
type HeatCell struct {
	Shown bool
	Class int    // of the nine colours, if Shown
	Text  string // in the cell
	Tip   string // what it says when it is pointed at
}

// hatching is of cells that are not shown; dress.js gives it the colours of the paper.
type hatching struct {
	Shape    string    `json:"symbol"`
	Size     float64   `json:"symbolSize"`
	DashX    []float64 `json:"dashArrayX"`
	DashY    []float64 `json:"dashArrayY"`
	Rotation float64   `json:"rotation"`
}

func hatched() *hatching {
	return &hatching{Shape: "rect", Size: 1, DashX: []float64{1, 0}, DashY: []float64{3, 4}, Rotation: -math.Pi / 4}
}

type heatStyle struct {
	Colour string    `json:"color,omitempty"`
	Border string    `json:"borderColor"`
	Width  float64   `json:"borderWidth"`
	Decal  *hatching `json:"decal,omitempty"`
}

type heatPiece struct {
	Value [3]any      `json:"value"`
	Name  string      `json:"name"`
	Style heatStyle   `json:"itemStyle"`
	Label *pieceLabel `json:"label"`
}

// HeatSize is the paper of a heat map.
func HeatSize(columns, rows int) Size {
	return Size{Width: int(math.Max(1000, float64(nameWidth+columns*96))), Height: rows*44 + 96}
}

// Heat draws a table of scores in the colours from closed to open, with each score printed. cells are by row.
func Heat(columns, names []string, cells [][]HeatCell) ([]byte, error) {
	heat := charts.NewHeatMap()
	heat.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
	)
	heat.Validate()
	options := heat.JSON()
	for _, key := range []string{"title", "legend", "color", "toolbox", "visualMap"} {
		delete(options, key)
	}
	var data []heatPiece
	for y, row := range cells {
		for x, cell := range row {
			p := heatPiece{[3]any{x, y, cell.Class}, cell.Tip, heatStyle{Border: "transparent", Width: 2}, &pieceLabel{true, literal(cell.Text)}}
			if cell.Shown {
				p.Style.Colour = scale[cell.Class]
			} else {
				p.Style.Decal = hatched()
			}
			data = append(data, p)
		}
	}
	if len(data) == 0 {
		return nil, fmt.Errorf("chart: a heat map without cells")
	}
	left := roomFor(names)
	across := rowAxis{Type: "category", Data: columns, Position: "top", Label: rowLabels{Width: 96, Overflow: "break"}}
	down := rowAxis{Type: "category", Data: names, Inverse: true, Position: "left", Label: rowLabels{Width: min(left-16, nameDrawn), Overflow: "truncate"}}
	options["grid"] = map[string]any{"left": left, "right": 8, "top": 84, "bottom": 8}
	options["xAxis"], options["yAxis"] = across, down
	options["series"] = []charts.SingleSeries{{Type: "heatmap", Data: data, Label: &opts.Label{Show: opts.Bool(true), FontSize: 13}}}
	return json.Marshal(options)
}
