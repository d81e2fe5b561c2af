package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// movedFrom is a department whose scores before and after are known.
func movedFrom(before, after []float64) Moved { return Moved{sumsOf(before...), sumsOf(after...)} }

// visitedInR and othersInR are the departments that R was given; see the test below.
func visitedInR() []Moved {
	return []Moved{
		movedFrom([]float64{40, 50, 60, 45, 55, 50}, []float64{55, 60, 70, 65, 50}),
		movedFrom([]float64{30, 70, 50, 60}, []float64{65, 45, 70, 75, 60, 55}),
		movedFrom([]float64{62.5, 50, 75, 25}, []float64{75, 62.5, 50, 87.5}),
	}
}

func othersInR() []Moved {
	return []Moved{
		movedFrom([]float64{45, 55, 65, 35, 50}, []float64{50, 45, 60, 40, 55}),
		movedFrom([]float64{70, 80, 60, 75}, []float64{72.5, 65, 70, 60, 80}),
		movedFrom([]float64{20, 40, 30, 35, 25, 45}, []float64{30, 25, 45, 40}),
		movedFrom([]float64{50, 60, 55}, []float64{52.5, 47.5, 62.5}),
	}
}

// Expectations: R, t.test(moves of one side, moves of the other), and for who answered pt and qt with the sums of
// var(x)/length(x) over both waves of every department, divided by the squared number of departments of its side.
func TestDifferenceInDifferencesAgreesWithR(t *testing.T) {
	alike := []Moved{
		movedFrom([]float64{0, 25, 50, 75, 100}, []float64{10, 35, 60, 85, 100}),
		movedFrom([]float64{20, 40, 60, 80}, []float64{28, 48, 68, 88}),
	}
	for _, row := range []struct {
		name   string
		own    []Moved
		others []Moved
		want   Contrast
	}{
		{"the chance of who answered is wider", visitedInR(), othersInR(),
			Contrast{Test{11.618055555556, 1.822867342685, 16.966342511496, 0.0859946289985, -1.830898580367, 25.067009691478}, 11.597222222222, -0.020833333333, Answers, 13.448954135923}},
		{"departments that moved apart", visitedInR(), append(othersInR(), movedFrom([]float64{80, 81, 79, 80}, []float64{40, 41, 39, 40}), movedFrom([]float64{20, 21, 19}, []float64{60, 61, 59})),
			Contrast{Test{11.611111111111, 1.101513331927, 5.371990031212, 0.317562211596, -14.930778250771, 38.153000472993}, 11.597222222222, -0.013888888889, Across, 26.541889361882}},
		{"departments that moved alike", alike, othersInR()[:2],
			Contrast{Test{8.875, 0.567129556988, 15.723174893016, 0.578633842003, -24.346891638685, 42.096891638685}, 8, -0.875, Answers, 33.221891638685}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := DifferenceInDifferences(row.own, row.others)
			if !ok || got.Basis != row.want.Basis {
				t.Fatalf("ok = %v, by %s, want by %s", ok, got.Basis, row.want.Basis)
			}
			nearTest(t, got.Test, row.want.Test)
			near(t, "own move", got.Own, row.want.Own, fromR)
			near(t, "others' move", got.Others, row.want.Others, fromR)
			near(t, "smallest", got.Smallest, row.want.Smallest, fromR)
		})
	}
}

func TestDifferenceInDifferencesEdges(t *testing.T) {
	still := movedFrom([]float64{50, 50, 50}, []float64{50, 50})
	up := movedFrom([]float64{50, 50, 50}, []float64{60, 60})
	own, others := visitedInR(), othersInR()
	for _, row := range []struct {
		name        string
		own, others []Moved
		ok          bool
	}{
		{"one visited", own[:1], others, false},
		{"one not visited", own, others[:1], false},
		{"none visited", nil, others, false},
		{"one person before", append(visitedInR(), movedFrom([]float64{50}, []float64{50, 60})), others, false},
		{"nobody after", own, append(othersInR(), movedFrom([]float64{50, 60}, nil)), false},
		{"no spread anywhere", []Moved{up, up}, []Moved{still, still}, false},
		{"spread between departments only", []Moved{up, still}, []Moved{still, still}, true},
		{"two of each", own[:2], others[:2], true},
	} {
		if _, ok := DifferenceInDifferences(row.own, row.others); ok != row.ok {
			t.Errorf("%s: ok = %v", row.name, ok)
		}
	}
}

// A department counts once, whether three people answered or three thousand.
func TestEachDepartmentCountsTheSame(t *testing.T) {
	own, others := visitedInR(), othersInR()
	before, _ := DifferenceInDifferences(own, others)
	for range 10 {
		own[0].Before, own[0].After = own[0].Before.Plus(own[0].Before), own[0].After.Plus(own[0].After)
	}
	after, _ := DifferenceInDifferences(own, others)
	near(t, "difference", after.Difference, before.Difference, 1e-9)
	back, _ := DifferenceInDifferences(others, own)
	near(t, "turned round", back.Difference, -after.Difference, 1e-9)
	near(t, "p turned round", back.P, after.P, 1e-12)
}

// Departments that differ in how they move, as real ones do: the interval holds the truth about as often as it says, and
// the chance of who answered alone would hold it far less often.
func TestTheIntervalHoldsWhereDepartmentsDiffer(t *testing.T) {
	const rounds, truth = 2000, 4.0
	r := rand.New(rand.NewPCG(1, 2))
	held, byChance := 0, 0
	draw := func(mean float64) (s Sums) {
		for range 12 {
			s.Add(mean + 15*r.NormFloat64())
		}
		return s
	}
	side := func(n int, move float64) (list []Moved) {
		for range n {
			level := 30 + 40*r.Float64()
			list = append(list, Moved{draw(level), draw(level + move + 8*r.NormFloat64())})
		}
		return list
	}
	for range rounds {
		own, others := side(3, truth), side(5, 0)
		c, ok := DifferenceInDifferences(own, others)
		if !ok {
			t.Fatal("no test")
		}
		if c.Low <= truth && truth <= c.High {
			held++
		}
		a, _ := sideOf(own)
		b, _ := sideOf(others)
		if math.Abs(c.Difference-truth) <= reach(a.chance+b.chance, a.chanceSpread+b.chanceSpread) {
			byChance++
		}
	}
	if share := 100 * float64(held) / rounds; share < 94 {
		t.Errorf("the interval holds the truth in %.1f of 100", share)
	}
	if share := 100 * float64(byChance) / rounds; share > 90 {
		t.Errorf("the chance of who answered alone holds it in %.1f of 100; the test shows nothing", share)
	}
}
