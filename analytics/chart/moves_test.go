package chart

import (
	"encoding/json"
	"slices"
	"testing"
)

// Every row has its points where the figures say and the line between them, and those that were visited differ in more than
// colour.
func TestMovesGoFromWhereTheyStoodToWhereTheyStand(t *testing.T) {
	list := []MoveRow{
		{Name: "Visited", From: 48, To: 55, Visited: true, Whole: true, Tip: "48 to 55", End: "+7"},
		{Name: "Finance", From: 43.5, To: 52.25, Visited: true, End: "+9"},
		{Name: "Legal {b}", From: 61, To: 57.5, End: "−4"},
	}
	options, err := Moves(list)
	if err != nil {
		t.Fatal(err)
	}
	var drawn struct {
		XAxis  struct{ Min, Max float64 }
		YAxis  []struct{ Data []string }
		Series []struct {
			Type string
			Data []struct {
				Value     json.RawMessage
				Symbol    string
				Size      int `json:"symbolSize"`
				ItemStyle struct{ Color string }
			}
		}
	}
	if err := json.Unmarshal(options, &drawn); err != nil || len(drawn.Series) != 4 {
		t.Fatalf("%v: %s", err, options)
	}
	if drawn.XAxis.Min != 40 || drawn.XAxis.Max != 70 || !slices.Equal(drawn.YAxis[0].Data, []string{"Visited", "Finance", "Legal {b}"}) || drawn.YAxis[1].Data[2] != "−4" {
		t.Errorf("the axes are %+v and %+v", drawn.XAxis, drawn.YAxis)
	}
	read := func(series, row int, into any) {
		if err := json.Unmarshal(drawn.Series[series].Data[row].Value, into); err != nil {
			t.Fatal(err)
		}
	}
	for i, row := range list {
		var from, to [2]float64
		var begin, length float64
		read(0, i, &begin)
		read(1, i, &length)
		read(2, i, &from)
		read(3, i, &to)
		if from != [2]float64{row.From, float64(i)} || to != [2]float64{row.To, float64(i)} || begin != min(row.From, row.To) || begin+length != max(row.From, row.To) {
			t.Errorf("%s goes from %v to %v, its line from %v for %v", row.Name, from, to, begin, length)
		}
	}
	after := drawn.Series[3].Data
	if after[1].Symbol == after[2].Symbol || after[1].ItemStyle == after[2].ItemStyle || after[0].Size <= after[1].Size {
		t.Errorf("the sides look alike: %+v", after)
	}
}

// A chart of rows that all stand at the same place has a scale all the same.
func TestMovesOfOneHeightHaveAScale(t *testing.T) {
	for _, at := range []float64{0, 50, 100} {
		options, err := Moves([]MoveRow{{From: at, To: at}})
		var drawn struct{ XAxis struct{ Min, Max float64 } }
		if err != nil || json.Unmarshal(options, &drawn) != nil || drawn.XAxis.Min >= drawn.XAxis.Max || drawn.XAxis.Min < 0 || drawn.XAxis.Max > 100 {
			t.Errorf("at %v: from %v to %v, %v", at, drawn.XAxis.Min, drawn.XAxis.Max, err)
		}
	}
}
