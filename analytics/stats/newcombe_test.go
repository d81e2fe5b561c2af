package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Expectations: R, a, b <- prop.test(x, n, correct=FALSE)$conf.int of each;
// d - sqrt((p1-a[1])^2 + (b[2]-p2)^2), d + sqrt((a[2]-p1)^2 + (p2-b[1])^2);
// p: prop.test(c(x1,x2), c(n1,n2), correct=FALSE)$p.value; z: its signed root.
func TestNewcombeAgreesWithR(t *testing.T) {
	for _, row := range []struct {
		name           string
		x1, n1, x2, n2 int
		want           Test
		ok             bool
	}{
		{"56/70 - 48/80", 56, 70, 48, 80,
			Test{20, 2.6501719512585, 0, 0.0080450813682, 5.2431472402365, 33.3872654036906}, true},
		{"9/10 - 3/10", 9, 10, 3, 10,
			Test{60, 2.73861278752583, 0, 0.00616989932054, 17.05227239345031, 80.90179735354880}, true},
		{"6/7 - 2/7", 6, 7, 2, 7,
			Test{57.1428571428571, 2.1602468994693, 0, 0.0307535612593, 5.8227927482312, 80.6249637524228}, true},
		{"5/56 - 0/29", 5, 56, 0, 29,
			Test{8.9285714285714, 1.6586488692392, 0, 0.0971865681706, -3.8137147903537, 19.2560013855112}, true},
		{"10/10 - 0/20", 10, 10, 0, 20,
			Test{100, 5.47722557505, 0, 4.32046305783e-08, 67.9086037142, 100}, true},
		{"no move", 30, 50, 30, 50,
			Test{0, 0, 0, 1, -18.560836937, 18.560836937}, true},
		{"nobody before", 3, 5, 0, 0, Test{}, false},
		{"nobody now", 0, 0, 3, 5, Test{}, false},
		{"impossible", 6, 5, 3, 5, Test{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Newcombe(row.x1, row.n1, row.x2, row.n2)
			if ok != row.ok {
				t.Errorf("ok = %v", ok)
			}
			nearTest(t, got, row.want)
		})
	}
}

func TestAllAlikeBothTimesIsNoDifference(t *testing.T) {
	for _, row := range []struct {
		name           string
		x1, n1, x2, n2 int
	}{
		{"all in favour", 8, 8, 5, 5},
		{"none in favour", 0, 8, 0, 5},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Newcombe(row.x1, row.n1, row.x2, row.n2)
			if !ok || got.Difference != 0 || got.T != 0 || got.P != 1 {
				t.Errorf("%+v, %v", got, ok)
			}
			if !(got.Low < 0 && got.High > 0) {
				t.Errorf("interval %g to %g claims to know", got.Low, got.High)
			}
		})
	}
}

func TestNewcombeHoldsTheDifferenceAndTurnsRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1 := rapid.IntRange(1, 300).Draw(t, "n1")
		n2 := rapid.IntRange(1, 300).Draw(t, "n2")
		x1 := rapid.IntRange(0, n1).Draw(t, "x1")
		x2 := rapid.IntRange(0, n2).Draw(t, "x2")
		forth, ok := Newcombe(x1, n1, x2, n2)
		back, _ := Newcombe(x2, n2, x1, n1)
		if !ok || forth.Low > forth.Difference || forth.High < forth.Difference || forth.Low < -100 || forth.High > 100 {
			t.Fatalf("%+v, %v", forth, ok)
		}
		if !(forth.P >= 0 && forth.P <= 1) || math.IsNaN(forth.T) {
			t.Fatalf("no probability: %+v", forth)
		}
		near(t, "low turned round", back.High, -forth.Low, 1e-9)
		near(t, "high turned round", back.Low, -forth.High, 1e-9)
		near(t, "p turned round", back.P, forth.P, 1e-12)
	})
}
