package imports

import (
	"testing"
	"time"
)

func TestNamesThatReadAlikeFoldAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Strongly Agree", "\uFEFF strongly agree\u00A0", true},
		{"Straße", "STRASSE", true},
		{"e\u0301", "\u00C9", true},    // accents written in two ways
		{"ﬁnance", "Finance", true},    // a ligature
		{"ＩＴ", "it", true},             // full width
		{"\u200BHR\u200D", "hr", true}, // without width
		{"Agree", "A gree", false},     // space inside counts
		{"Research & Development", "Research and Development", false},
		{"résumé", "resume", false},
	} {
		if got := folded(c.a) == folded(c.b); got != c.same {
			t.Errorf("%q and %q: alike %v, want %v", c.a, c.b, got, c.same)
		}
	}
}

func TestTheTimeOfAWaveIsReadFromItsLabel(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for label, want := range map[string]string{
		"2018": "2018-01-01", "Q1 2025": "2025-01-01", "2025-Q3": "2025-07-01", "q4/2024": "2024-10-01", "2025 Q2": "2025-04-01",
		"2025-03": "2025-03-01", "2025-03-31": "2025-03-31", "March 2025": "2025-03-01", "Mar 2025": "2025-03-01",
	} {
		if at, ok := whenOf(label); !ok || !at.Equal(day(want)) {
			t.Errorf("%q: %v %v, want %s", label, at, ok, want)
		}
	}
	for _, label := range []string{"Spring 2026", "12", "3018", "Q5 2025", "2025-13", "03/04/2025", "Wave 2", ""} {
		if at, ok := whenOf(label); ok {
			t.Errorf("%q is no time, but was read as %v", label, at)
		}
	}
}

func TestTheNearestHeadingIsSuggested(t *testing.T) {
	headings := []string{"socio1. In which country do you work?", "Year", "progRSE1. It is likely"}
	for word, want := range map[string]string{"Yaer": "Year", "socio1": headings[0], "progRSE2. It is likely": headings[2], "Department": ""} {
		if got, _ := nearest(word, headings); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
