package stats

import (
	"math"
	"testing"
)

func TestMoreAnswersThanPeopleIsADataFault(t *testing.T) {
	for _, row := range []struct {
		name         string
		n, headcount int
		fault        bool
	}{
		{"fewer", 7, 8, false},
		{"all", 8, 8, false},
		{"one too many", 9, 8, true},
		{"headcount unknown", 9, 0, false},
		{"headcount nonsense", 9, -1, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := MoreThanHeadcount(row.n, row.headcount); got != row.fault {
				t.Errorf("fault = %v", got)
			}
		})
	}
}

func TestFiniteCorrection(t *testing.T) {
	for _, row := range []struct {
		name         string
		n, headcount int
		want         float64
	}{
		{"unknown headcount", 5, 0, 1},
		{"more than there are", 9, 8, 1},
		{"half of a thousand", 500, 1000, math.Sqrt(500.0 / 999)},
		{"one missing", 7, 8, math.Sqrt(1.0 / 7)},
		{"one of many changes nothing", 1, 1000, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			near(t, "correction", finiteCorrection(row.n, row.headcount), row.want, 1e-15)
		})
	}
}
