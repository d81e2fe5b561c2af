package web

import (
	"strings"
	"testing"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/static"
	"soundings/surveys"
)

// staffSpeech is how staff are spoken to in a language.
func staffSpeech(t *testing.T, lang string) *phrases {
	t.Helper()
	w, err := newWords(static.Locales(), staffWords)
	if err != nil {
		t.Fatal(err)
	}
	return &phrases{speech: w.in(lang)}
}

func headlineText(parts []part) string {
	var text strings.Builder
	for _, p := range parts {
		text.WriteString(p.Text)
	}
	return text.String()
}

func TestFindingsAreSaidInFull(t *testing.T) {
	moved := func(construct string, up, down []string, unmoved int) analytics.Finding {
		return analytics.Finding{Kind: analytics.Moved, Construct: construct, Wave: "June", Since: "March", Up: up, Down: down, Unmoved: unmoved}
	}
	open, work := surveys.Openness, surveys.Engagement
	for name, c := range map[string]struct {
		finding analytics.Finding
		en, de  string
	}{
		"nothing":   {analytics.Finding{}, "There are no results yet.", "Es gibt noch keine Ergebnisse."},
		"too few":   {analytics.Finding{Kind: analytics.NoneShown, Wave: "June"}, "Too few people answered June to show any department.", "In June haben zu wenige geantwortet, um eine Abteilung zeigen zu können."},
		"a level":   {analytics.Finding{Kind: analytics.FirstLevel, Construct: open, Wave: "June", Mean: 54.6, HasMean: true}, "Openness to change stands at 55 of 100 in June; there is nothing yet to compare it with.", "Offenheit für Veränderungen liegt in June bei 55 von 100; einen Vergleich gibt es noch nicht."},
		"no level":  {analytics.Finding{Kind: analytics.FirstLevel, Construct: open, Wave: "June"}, "Where each department stands: June.", "Wo die einzelnen Abteilungen stehen: June."},
		"unmoved":   {analytics.Finding{Kind: analytics.Still, Construct: open, Since: "March"}, "No department shows a clear change since March.", "Seit March hat sich keine Abteilung deutlich verändert."},
		"one":       {moved(open, []string{"Finance"}, nil, 1), "Finance has become clearly more open since March.", "Finance ist seit March deutlich offener geworden."},
		"two":       {moved(open, []string{"Legal", "Finance"}, nil, 2), "Legal and Finance have become clearly more open since March.", "Legal und Finance sind seit March deutlich offener geworden."},
		"four":      {moved(open, nil, []string{"A", "B", "C", "D"}, 0), "A, B, C and D have become clearly less open since March.", "A, B, C und D sind seit March deutlich weniger offen."},
		"five":      {moved(open, []string{"A", "B", "C", "D", "E"}, nil, 0), "A, B, C, D and one more have become clearly more open since March.", "A, B, C, D und eine weitere sind seit March deutlich offener geworden."},
		"six":       {moved(open, []string{"A", "B", "C", "D", "E", "F"}, nil, 0), "A, B, C, D and 2 more have become clearly more open since March.", "A, B, C, D und 2 weitere sind seit March deutlich offener geworden."},
		"both ways": {moved(open, []string{"Legal"}, []string{"Finance"}, 0), "Legal has become clearly more open since March. Finance has become clearly less open since March.", "Legal ist seit March deutlich offener geworden. Finance ist seit March deutlich weniger offen."},
		"working":   {moved(work, []string{"Finance"}, []string{"Legal"}, 0), "Finance has clearly risen in “Working with IT” since March. Legal has clearly fallen in “Working with IT” since March.", "Finance liegt bei „Zusammenarbeit mit der IT“ deutlich höher als in March. Legal liegt bei „Zusammenarbeit mit der IT“ deutlich niedriger als in March."},
		"their own": {moved("trust", []string{"Finance"}, nil, 0), "Finance has clearly risen in “trust” since March.", "Finance liegt bei „trust“ deutlich höher als in March."},
		"text":      {moved(open, []string{"<b>%d</b>&amp;{{.Since}}"}, nil, 0), "<b>%d</b>&amp;{{.Since}} has become clearly more open since March.", "<b>%d</b>&amp;{{.Since}} ist seit March deutlich offener geworden."},
	} {
		for lang, want := range map[string]string{"en": c.en, "de": c.de} {
			p := staffSpeech(t, lang)
			if got := headlineText(p.headline(c.finding)); got != want || p.err != nil {
				t.Errorf("%s in %s: %v\n%q, want\n%q", name, lang, p.err, got, want)
			}
		}
	}
}

func TestTheDetailOfAFindingCountsTheOthersAndThoseWhoAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		unmoved int
		taken   *analytics.Turnout
		en, de  string
	}{
		"against the headcount": {1, &analytics.Turnout{Answered: 1321, Headcount: 2600},
			"The other department shows no clear change. 1,321 of 2,600 people answered “Pulse” in June (51%).",
			"Die andere Abteilung zeigt keine deutliche Veränderung. In June haben 1.321 von 2.600 Personen „Pulse“ beantwortet (51 %)."},
		"headcount not known": {3, &analytics.Turnout{Answered: 12},
			"The other 3 departments show no clear change. 12 people answered “Pulse” in June.",
			"Die anderen 3 Abteilungen zeigen keine deutliche Veränderung. In June haben 12 Personen „Pulse“ beantwortet."},
		"one":    {0, &analytics.Turnout{Answered: 1}, "One person answered “Pulse” in June.", "In June hat eine Person „Pulse“ beantwortet."},
		"hidden": {0, nil, "", ""},
	} {
		f := analytics.Finding{Kind: analytics.Moved, Construct: surveys.Openness, Wave: "June", Since: "March", Unmoved: c.unmoved, Taken: c.taken}
		for lang, want := range map[string]string{"en": c.en, "de": c.de} {
			p := staffSpeech(t, lang)
			if got := strings.ReplaceAll(p.detail(f, "Pulse"), "\u00a0", " "); got != want || p.err != nil {
				t.Errorf("%s in %s: %v\n%q, want\n%q", name, lang, p.err, got, want)
			}
		}
	}
}

func TestOnlyTheNamesOfMoversAreColoured(t *testing.T) {
	f := analytics.Finding{Kind: analytics.Moved, Construct: surveys.Openness, Since: "March", Up: []string{"Legal"}, Down: []string{"Finance"}}
	want := map[string]string{"Finance": "down", "Legal": "up"}
	for _, part := range staffSpeech(t, "de").headline(f) {
		if part.Class != want[part.Text] {
			t.Errorf("%q is coloured %q", part.Text, part.Class)
		}
		delete(want, part.Text)
	}
	if len(want) > 0 {
		t.Errorf("the headline leaves out %v", want)
	}
}

func TestAPointOfTheChartSaysWhatTheTableSays(t *testing.T) {
	known := analytics.Group{Level: disclosure.Shown, N: 58, Headcount: 74, Mean: 66.4, Low: 60.6, High: 71.4, HasInterval: true}
	unknown, more, all := known, known, known
	unknown.Headcount, more.Headcount = 0, 50
	all.N, all.HasInterval = 74, false
	for _, c := range []struct {
		group  analytics.Group
		en, de string
	}{
		{known, "66 (61–71), 58 of 74 answered", "66 (61–71), 58 von 74 haben geantwortet"},
		{unknown, "66 (61–71), 58 answered", "66 (61–71), 58 haben geantwortet"},
		{more, "66 (61–71), 58 answered", "66 (61–71), 58 haben geantwortet"},
		{all, "66, 74 of 74 answered", "66, 74 von 74 haben geantwortet"},
	} {
		for lang, want := range map[string]string{"en": c.en, "de": c.de} {
			p := staffSpeech(t, lang)
			if got := p.pointedAt(c.group); got != want || p.err != nil {
				t.Errorf("%q, want %q (%v)", got, want, p.err)
			}
		}
	}
}

func TestEveryReasonForHidingHasItsSentence(t *testing.T) {
	p := staffSpeech(t, "de")
	seen := map[string]disclosure.Reason{}
	for _, r := range []disclosure.Reason{disclosure.TooFew, disclosure.NobodyAnswered, disclosure.Protects, disclosure.MovedTooLittle, disclosure.WaveOpen} {
		text := p.hidden(r)
		if other, known := seen[text]; known || p.err != nil {
			t.Errorf("%q and %q are told alike: %v", r, other, p.err)
		}
		seen[text] = r
	}
}

// A score is neither closed nor open: its cell has no colour, and its interval lies on the scale from -100 to 100.
func TestARecommendScoreIsToldOnItsOwnScale(t *testing.T) {
	g := analytics.Group{Level: disclosure.Shown, N: 40, Scored: true, Mean: -30, Low: -50, High: -10, HasInterval: true}
	p := staffSpeech(t, "en")
	row := p.row("Sales", g, true)
	if row.Mean != "−30" || row.Cell != neutral || row.Interval.Low != "25.0" || row.Interval.High != "45.0" {
		t.Errorf("%+v, %+v (%v)", row, row.Interval, p.err)
	}
	g.Mean, g.Low, g.High = 70, 60, 80
	if row := p.row("Sales", g, false); row.Mean != "70" || row.Cell == neutral || row.Interval.Low != "60.0" {
		t.Errorf("a mean: %+v, %+v", row, row.Interval)
	}
}
