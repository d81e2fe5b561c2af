package chart

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
)

// drawnRows is what a chart of rows says, read back from its options.
type drawnRows struct {
	Legend struct{ Data []string }
	XAxis  struct{ Max float64 }     `json:"xAxis"`
	YAxis  []struct{ Data []string } `json:"yAxis"`
	Series []struct {
		Name       string
		Silent     bool
		YAxisIndex int `json:"yAxisIndex"`
		ItemStyle  struct{ Color string }
		Data       []struct {
			Value float64
			Name  string
			Label *struct{ Formatter string }
		}
	}
}

func readRows(t *testing.T, options []byte, err error) (d drawnRows) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(options, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Whatever people answered, the middle of the middle level stands at one place for all groups, every piece is as long as
// its share, and nothing passes the end of the axis.
func TestDivergingBarsAreCentredOnTheMiddleLevel(t *testing.T) {
	list := []DivergingRow{
		{Name: "HR", Shares: []float64{5, 10, 20, 40, 25}, Tips: []string{"a", "b", "c", "d", "e"}, End: "65 %"},
		{Name: "Sales", Shares: []float64{30, 30, 10, 20, 10}, Tips: []string{"a", "b", "c", "d", "e"}, End: "30 %"},
		{Name: "Everyone agrees {a}", Shares: []float64{0, 0, 0, 0, 100}, Tips: []string{"a", "b", "c", "d", "e"}, End: "100 %"},
		{Name: "Legal", End: "hidden"},
	}
	options, err := Diverging([]string{"--", "-", "0", "+", "++"}, list)
	d := readRows(t, options, err)
	if len(d.Series) != 6 || !d.Series[0].Silent || d.Series[0].ItemStyle.Color != "transparent" || !slices.Equal(d.Legend.Data, []string{"--", "-", "0", "+", "++"}) {
		t.Fatalf("%s", options)
	}
	for i, row := range list {
		at := d.Series[0].Data[i].Value
		for level := range 5 {
			piece := d.Series[level+1].Data[i]
			if row.Shares == nil {
				if piece.Value != 0 || piece.Name != "" || piece.Label != nil {
					t.Errorf("%s is not shown, but drawn as %+v", row.Name, piece)
				}
				continue
			}
			if piece.Value != row.Shares[level] || piece.Name != row.Tips[level] || (piece.Label != nil) != (row.Shares[level] >= 6) {
				t.Errorf("%s: %+v, want %v", row.Name, piece, row.Shares[level])
			}
			if middle := at + piece.Value/2; level == 2 && math.Abs(middle-65) > 1e-9 {
				t.Errorf("%s has its middle at %v, want 65, which is what Sales needs on the left", row.Name, middle)
			}
			at += piece.Value
		}
		if at > d.XAxis.Max || d.YAxis[0].Data[i] != row.Name || d.YAxis[1].Data[i] != row.End {
			t.Errorf("%s ends at %v of %v: %+v", row.Name, at, d.XAxis.Max, d.YAxis)
		}
	}
}

func TestABarHasItsIntervalFromTheLowToTheHighEnd(t *testing.T) {
	options, err := Bars([]BarRow{
		{Name: "First week", Value: 40, Low: 32.1, High: 51.6, HasInterval: true, Tip: "First week: 40 %", End: "40 %"},
		{Name: "Everyone answered", Value: 60, Tip: "60 %", End: "60 %"},
	})
	d := readRows(t, options, err)
	if d.Series[0].Data[0].Value != 40 || d.Series[0].Data[0].Name != "First week: 40 %" || d.XAxis.Max != 60 || len(d.Legend.Data) != 0 {
		t.Errorf("%s", options)
	}
	low, width := d.Series[1], d.Series[2]
	if low.ItemStyle.Color != "transparent" || low.YAxisIndex != 1 || low.Data[0].Value != 32.1 || width.Data[0].Value != 19.5 || width.Data[1].Value != 0 {
		t.Errorf("the intervals are %+v and %+v", low, width)
	}
}

func TestCellsOfTheHeatMapAreColouredByClassAndHiddenOnesByNone(t *testing.T) {
	options, err := Heat([]string{"Easier", "Ready"}, []string{"HR", "Legal"}, [][]HeatCell{
		{{Shown: true, Class: Class(78), Text: "78", Tip: "78 (70–86)"}, {Shown: true, Class: Class(50), Text: "50"}},
		{{Text: "hidden", Tip: "Too few"}, {Shown: true, Class: Class(3), Text: "{c}"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Series []struct {
			Data []struct {
				Value     [3]int
				Name      string
				ItemStyle struct{ Color string }
				Label     struct{ Formatter string }
			}
		}
	}
	if err := json.Unmarshal(options, &d); err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	for _, cell := range d.Series[0].Data {
		got = append(got, [2]string{cell.ItemStyle.Color, cell.Label.Formatter})
	}
	want := [][2]string{{"#01665e", "78"}, {"#f5f5f5", "50"}, {"", "hidden"}, {"#8c510a", "{\u2060c}"}}
	if !slices.Equal(got, want) || d.Series[0].Data[2].Value != [3]int{0, 1, 0} || d.Series[0].Data[2].Name != "Too few" {
		t.Errorf("%v\n%s", got, options)
	}
	if _, err := Heat(nil, nil, nil); err == nil {
		t.Error("a heat map without cells is drawn")
	}
}

// The middle class is 46 to 54: neither closed nor open.
func TestTheClassesOfTheScaleMeetAtTheirBounds(t *testing.T) {
	for score, want := range map[float64]int{0: 0, 21.9: 0, 22: 1, 45.9: 3, 46: 4, 53.9: 4, 54: 5, 77.9: 7, 78: 8, 100: 8} {
		if got := Class(score); got != want {
			t.Errorf("%v is of class %d, want %d", score, got, want)
		}
	}
}
