package chart

import (
	"encoding/json"
	"fmt"
	"testing"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/history"
)

// imported is two years of Finance, one that is hidden, and of a name that is no department's.
func imported() *Earlier {
	at := func(value float64, level disclosure.Level) analytics.Past {
		return analytics.Past{Measured: true, Decision: disclosure.Decision{Level: level}, Value: value, N: 20, Parts: 1}
	}
	return &Earlier{
		Imported: &analytics.Imported{Scale: history.Mean, Periods: []history.Period{"2009", "2010"}, Lines: []analytics.PastLine{
			{Department: surveys.Department{ID: 1, Name: "Finance"}, Name: "Finance", Points: []analytics.Past{at(21, disclosure.Shown), at(3, disclosure.Hidden)}},
			{Name: "Old {name}", Points: []analytics.Past{{}, at(44, disclosure.Shown)}},
		}},
		Labels: []string{"2009", "2010"}, Styles: map[string]Style{"Finance": Styles()[0]}, Describe: func(p analytics.Past) string { return fmt.Sprint(p.Value) }, Everyone: "Everyone",
	}
}

func TestWhatWasImportedStandsDashedAndHollowBeforeTheWaves(t *testing.T) {
	trend := trendOf(quarters(), lineOf(1, "Finance", shown(60, 50, 70, 20), shown(62, 52, 72, 20), shown(64, 54, 74, 20)))
	text, err := Trend(trend, Look{Styles: choose(1), Describe: Mean, Earlier: imported(), Marks: []Mark{{At: -0.5, Kind: Break, Label: "imported"}, {At: 1.5, Label: "go-live"}}})
	if err != nil {
		t.Fatal(err)
	}
	var options struct {
		XAxis  []struct{ Data []string }
		YAxis  []struct{ Min, Max float64 }
		Series []struct {
			ID        string
			Name      string
			Symbol    string
			Data      []struct{ Value *float64 }
			LineStyle struct{ Type string }
			MarkLine  struct{ Data []struct{ XAxis float64 } }
		}
	}
	if err := json.Unmarshal(text, &options); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(options.XAxis[0].Data); got != "[2009 2010 2026 Q1 2026 Q2 2026 Q3]" {
		t.Errorf("the axis is %s", got)
	}
	if y := options.YAxis[0]; y.Min != 20 || y.Max != 80 {
		t.Errorf("the frame is %g to %g", y.Min, y.Max)
	}
	want := map[string]string{"earlier-Finance": "[21 - - - -] emptyCircle dashed", "earlier-Old {name}": "[- 44 - - -] none dashed", "d1-0": "[- - 60 62 64] circle solid"}
	for _, s := range options.Series {
		var values []string
		for _, p := range s.Data {
			if p.Value == nil {
				values = append(values, "-")
			} else {
				values = append(values, fmt.Sprint(*p.Value))
			}
		}
		if expected, asked := want[s.ID]; asked {
			if got := fmt.Sprintf("%v %s %s", values, s.Symbol, s.LineStyle.Type); got != expected {
				t.Errorf("%s is %s, want %s", s.ID, got, expected)
			}
			delete(want, s.ID)
		}
		if marks := s.MarkLine.Data; len(marks) > 0 && (marks[0].XAxis != 1.5 || marks[1].XAxis != 3.5) {
			t.Errorf("marks stand at %v", marks)
		}
	}
	if len(want) > 0 {
		t.Errorf("not drawn: %v", want)
	}
}

func TestWhatWasImportedIsDrawnAloneToo(t *testing.T) {
	text, err := Trend(&analytics.Trend{}, Look{Earlier: imported()})
	if err != nil {
		t.Fatal(err)
	}
	var options struct {
		XAxis  []struct{ Data []string }
		Series []struct{ Name string }
	}
	if err := json.Unmarshal(text, &options); err != nil || len(options.XAxis[0].Data) != 2 || len(options.Series) != 2 {
		t.Errorf("%v: %s", err, text)
	}
}
