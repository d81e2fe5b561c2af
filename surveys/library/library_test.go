package library

import (
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/document"
)

func TestTheLibraryHoldsBothInstruments(t *testing.T) {
	if got := Names(); !slices.Equal(got, []string{"change-pulse", "working-with-it"}) {
		t.Fatalf("Names() = %q", got)
	}
}

func TestAnUnknownNameIsNotFound(t *testing.T) {
	for _, name := range []string{"", "gone", "../library", "change-pulse.yaml"} {
		if _, err := Open(name); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Open(%q) = %v, want the kind NotFound", name, err)
		}
	}
}

func open(t *testing.T, name string) *surveys.Document {
	t.Helper()
	src, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

func TestEveryInstrumentIsWithoutFaultInEnglishAndGerman(t *testing.T) {
	for _, name := range Names() {
		if got := open(t, name).Languages(); !slices.Equal(got, []string{"en", "de"}) {
			t.Errorf("%s is in %q", name, got)
		}
	}
}

// What the instruments measure is fixed in MEASURES.md, "Instruments to ship".
func TestTheInstrumentsMeasureWhatTheyPromise(t *testing.T) {
	for _, tt := range []struct {
		name, construct string
		items           string
		reversed        int
	}{
		{"change-pulse", surveys.Openness, "benefit fit confidence support informed involved willing", 2},
		{"working-with-it", surveys.Engagement, "responsive understands informs involves delivers heard", 1},
	} {
		d := open(t, tt.name)
		var ids []string
		reversed := 0
		for _, q := range d.Items(tt.construct) {
			ids = append(ids, q.ID)
			if q.Reversed {
				reversed++
			}
		}
		if got := strings.Join(ids, " "); got != tt.items || reversed != tt.reversed {
			t.Errorf("%s measures %s with %q, %d reversed; want %q, %d", tt.name, tt.construct, got, reversed, tt.items, tt.reversed)
		}
	}
}

func TestNoSentenceIsLeftInTheOtherLanguage(t *testing.T) {
	for _, name := range Names() {
		d := open(t, name)
		for _, q := range d.Questions {
			if q.Text == d.Translations["de"].Questions[q.ID].Text {
				t.Errorf("%s: %s is the same in both languages", name, q.ID)
			}
		}
	}
}
