package stats

import (
	"encoding/json"
	"math"
	"testing"
)

func TestAVerdictNeedsBothCertaintyAndSize(t *testing.T) {
	before, after := 59.1, 64.1 // variables: constants would be subtracted exactly
	for _, row := range []struct {
		name          string
		difference, p float64
		want          Verdict
	}{
		{"certain and large", 12, 0.01, ClearlyUp},
		{"certain and large, down", -12, 0.01, ClearlyDown},
		{"large but perhaps chance", 12, 0.2, NoClearChange},
		{"large, p on the line", 12, 0.05, NoClearChange},
		{"just under the line", 12, 0.0499, ClearlyUp},
		{"certain but small", 4.9, 0.0001, NoClearChange},
		{"certain but small, down", -4.9, 0.0001, NoClearChange},
		{"five points", 5, 0.01, ClearlyUp},
		{"five points down", -5, 0.01, ClearlyDown},
		{"five points but for binary", after - before, 0.01, ClearlyUp},
		{"five points down but for binary", before - after, 0.01, ClearlyDown},
		{"no move", 0, 1, NoClearChange},
		{"no test", 12, math.NaN(), NotComparable},
		{"no difference known", math.NaN(), 0.01, NotComparable},
		{"no probability", 12, -0.5, NotComparable},
		{"nor this", 12, 1.5, NotComparable},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Judge(row.difference, row.p); got != row.want {
				t.Errorf("verdict = %v, want %v", got, row.want)
			}
		})
	}
}

func TestVerdictsHaveStableNames(t *testing.T) {
	got, err := json.Marshal([]Verdict{NotComparable, NoClearChange, ClearlyUp, ClearlyDown})
	if err != nil {
		t.Fatal(err)
	}
	const want = `["not_comparable","no_clear_change","clearly_up","clearly_down"]`
	if string(got) != want {
		t.Errorf("names = %s", got)
	}
	if (Verdict)(0) != NotComparable {
		t.Error("the zero verdict claims something")
	}
	if _, err := json.Marshal(Verdict(9)); err == nil {
		t.Error("encoded what is no verdict")
	}
}
