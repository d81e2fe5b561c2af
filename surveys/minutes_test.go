package surveys

import (
	"strings"
	"testing"
	"time"
)

// Worked out by hand from the rule of thumb: 7.5 s a scale, 15 s a choice, 30 s a ranking or a comment, 200 words a minute.
func TestMinutesAreEstimatedFromTheQuestions(t *testing.T) {
	scales := func(n int) (list []Question) {
		for range n {
			list = append(list, Question{Kind: Scale})
		}
		return list
	}
	for _, tt := range []struct {
		name     string
		d        Document
		duration time.Duration
		minutes  int
	}{
		{"nothing", Document{}, 0, 1},
		{"eight scales", Document{Questions: scales(8)}, time.Minute, 1},
		{"nine scales", Document{Questions: scales(9)}, 67500 * time.Millisecond, 1},
		{"twelve scales", Document{Questions: scales(12)}, 90 * time.Second, 2},
		{"each kind", Document{Questions: []Question{{Kind: Scale}, {Kind: Recommend}, {Kind: Choice}, {Kind: Choices}, {Kind: Ranking}, {Kind: Text}}}, 105 * time.Second, 2},
		{"an introduction of 100 words", Document{Intro: strings.Repeat("word ", 100)}, 30 * time.Second, 1},
		{"a help text of 20 words", Document{Questions: []Question{{Kind: Scale, Help: strings.Repeat("word ", 20)}}}, 13500 * time.Millisecond, 1},
		{"an introduction of 198 characters without spaces", Document{Intro: strings.Repeat("調", 198)}, 30 * time.Second, 1},
		{"a question for some only", Document{Questions: []Question{{Kind: Text, ShowIf: &Condition{}}}}, 15 * time.Second, 1},
	} {
		if got := tt.d.Duration(); got != tt.duration || tt.d.Minutes() != tt.minutes {
			t.Errorf("%s: %s, %d minutes; want %s, %d", tt.name, got, tt.d.Minutes(), tt.duration, tt.minutes)
		}
	}
}

func TestTheOrderOfItemsDoesNotBreakATrend(t *testing.T) {
	versions := map[string]int{"a": 1, "b": 2}
	item := func(id string) Question { return Question{ID: id, Kind: Scale, Construct: Openness} }
	one := Questionnaire{Document: &Document{Questions: []Question{item("a"), item("b")}}, Versions: versions}
	other := Questionnaire{Document: &Document{Questions: []Question{item("b"), item("a")}}, Versions: versions}
	if one.Signature(Openness) != other.Signature(Openness) {
		t.Errorf("%q and %q", one.Signature(Openness), other.Signature(Openness))
	}
	newer := Questionnaire{Document: one.Document, Versions: map[string]int{"a": 1, "b": 3}}
	if one.Signature(Openness) == newer.Signature(Openness) {
		t.Error("another version of an item has the same signature")
	}
}
