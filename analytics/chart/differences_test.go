package chart

import (
	"encoding/json"
	"testing"

	"soundings/analytics/stats"
)

// Every point and both ends of its interval lie as far from the line of no difference as the figures say.
func TestDifferencesLieOnTheirSideOfNothing(t *testing.T) {
	list := []DifferenceRow{
		{Name: "A", Value: -13, Low: -19.5, High: -6.5, Verdict: stats.ClearlyDown, Tip: "<a>", End: "−13"},
		{Name: "B", Value: 2, Low: -3, High: 7, Verdict: stats.NoClearChange},
		{Name: "C", Value: 9, Low: 4, High: 14, Verdict: stats.ClearlyUp},
	}
	options, err := Differences(list)
	if err != nil {
		t.Fatal(err)
	}
	var drawn struct {
		Series []struct {
			Type     string
			Data     []struct{ Value, ItemStyle json.RawMessage }
			MarkLine struct {
				Data []struct{ XAxis float64 }
			}
		}
	}
	if err := json.Unmarshal(options, &drawn); err != nil || len(drawn.Series) != 3 {
		t.Fatalf("%v: %s", err, options)
	}
	nothing := drawn.Series[2].MarkLine.Data[0].XAxis
	number := func(series, row int) (x float64) {
		if err := json.Unmarshal(drawn.Series[series].Data[row].Value, &x); err != nil {
			t.Fatal(err)
		}
		return x
	}
	colours := map[string]bool{}
	for i, row := range list {
		var at [2]float64
		if err := json.Unmarshal(drawn.Series[2].Data[i].Value, &at); err != nil {
			t.Fatal(err)
		}
		low, width := number(0, i), number(1, i)
		if at[0]-nothing != row.Value || at[1] != float64(i) || low-nothing != row.Low || low+width-nothing != row.High {
			t.Errorf("%s: the point is at %v, its interval from %v for %v, nothing at %v", row.Name, at, low, width, nothing)
		}
		colours[string(drawn.Series[2].Data[i].ItemStyle)] = true
	}
	if len(colours) != 3 {
		t.Errorf("%d colours, want one for each verdict", len(colours))
	}
}
