package web

import (
	"strings"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/waves"
)

// crumb says which wave it is about, and how many took part.
func (v *resultsView) crumb() string {
	w := v.res.Wave
	parts := []string{v.titled(v.texts.doc).Text, w.Label}
	if w.State == surveys.Closed {
		parts = append(parts, v.say("results_closed", "Date", v.day(waves.LocalOf(w.Closed, v.zone))))
	} else {
		parts = append(parts, v.say("results_open"))
	}
	if text := v.answered(v.res.TakenAll); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(parts, " · ")
}

// answered is how many of a group took part, with their share where the number of those asked is known; "" where it is
// hidden.
func (v *resultsView) answered(p analytics.Presence) string {
	switch {
	case !p.Shown():
		return ""
	case p.HasRate:
		return v.count("results_answered_of", p.Asked, "Answered", v.Number(p.N), "Percent", v.Percent(p.Rate))
	}
	return v.count("results_answered", p.N)
}

// waiting says when the results of an open wave come.
func (v *resultsView) waiting(terms waves.Terms) string {
	if terms.Closes.IsZero() || v.res.Wave.State != surveys.Open {
		return v.say("results_waiting")
	}
	return v.say("results_waiting_until", "Date", v.day(waves.LocalOf(terms.Closes, v.zone)))
}

// quoted is a question as it stands in a sentence; of a reversed one it says that agreeing counts against.
func (v *resultsView) quoted(q *surveys.Question) string {
	key := "results_quoted"
	if q.Reversed {
		key = "results_quoted_reversed"
	}
	return v.say(key, "Question", v.texts.text(q))
}

func (v *resultsView) headline(f analytics.WaveFinding) string {
	switch f.Kind {
	case analytics.TooFewAll:
		return v.say("results_too_few")
	case analytics.Ranked:
		return v.say("results_ranked", "Highest", v.quoted(f.Highest), "Lowest", v.quoted(f.Lowest))
	}
	return v.say("results_plain", "Wave", v.res.Wave.Label)
}

// lead is what else the wave says: in how many departments the lowest is the lowest, and what moved.
func (v *resultsView) lead(f analytics.WaveFinding) (parts []part) {
	add := func(more ...part) {
		if len(parts) > 0 {
			parts = append(parts, part{Text: " "})
		}
		parts = append(parts, more...)
	}
	if f.Kind == analytics.Ranked && f.LowestIn > 0 && f.Of > 1 {
		key := "results_lowest_in"
		if v.res.Ask.By == analytics.ByBand {
			key = "results_lowest_in_bands"
		}
		add(part{Text: v.count(key, f.Of, "Lowest", v.Number(f.LowestIn))})
	}
	for _, moved := range []struct {
		units []analytics.Unit
		key   string
		class string
	}{{f.Up, "results_moved_up", "up"}, {f.Down, "results_moved_down", "down"}} {
		if len(moved.units) == 0 {
			continue
		}
		sentence := v.count(moved.key, len(moved.units), "Names", gap, "Since", f.Since, "Measure", v.measure(f.Construct))
		before, after, _ := strings.Cut(sentence, gap)
		names := make([]string, len(moved.units))
		for i, of := range moved.units {
			names[i] = unitName(of)
		}
		add(append(append([]part{{Text: before}}, v.phrases.names(names, moved.class)...), part{Text: after})...)
	}
	if len(f.Up)+len(f.Down) == 0 && f.Unmoved > 0 {
		add(part{Text: v.say("results_still", "Since", f.Since, "Measure", v.measure(f.Construct))})
	}
	if f.Kind == analytics.TooFewAll {
		add(part{Text: v.say("trend_all_hidden_detail")})
	}
	if v.frame.User.Limited {
		add(part{Text: v.say("limited_view")})
	}
	return parts
}

func unitName(of analytics.Unit) string {
	if of.Band.ID != 0 {
		return of.Band.Name
	}
	return of.Department.Name
}

// everyone names the group that the units are parts of.
func (v *resultsView) everyone() string {
	ask := v.res.Ask
	for _, d := range v.names.departments {
		if d.ID == ask.Department {
			return d.Name
		}
	}
	for _, b := range v.names.bands {
		if b.ID == ask.Band {
			return b.Name
		}
	}
	return v.say("results_everyone")
}

// title names a measure.
func (v *resultsView) title(m *analytics.Measured) string {
	if m.Question != nil {
		return v.texts.text(m.Question)
	}
	return v.measure(m.Construct)
}

// labelled names a measure in a table; a reversed question is marked, since agreeing with it counts against.
func (v *resultsView) labelled(m *analytics.Measured) string {
	if m.Question != nil && m.Question.Reversed {
		return v.say("results_turned", "Question", v.title(m))
	}
	return v.title(m)
}

// range95 writes an interval: "27–36".
func range95(low, high float64) string { return whole(low) + "–" + whole(high) }

// share writes a share with its interval: "31 % (27–36)".
func (v *resultsView) share(s analytics.Share) string {
	if s.HasInterval {
		return v.say("results_share", "Percent", v.Percent(s.Percent/100), "Range", range95(s.Low, s.High))
	}
	return v.Percent(s.Percent / 100)
}

// changed says how a figure moved, and whether that is clear.
func (v *resultsView) changed(m *analytics.Measured, c analytics.Change) (since string, judged []verdict) {
	switch {
	case m.Comparison != analytics.Compared:
		return "", nil
	case c.Verdict == stats.NotComparable:
		return "", []verdict{{"", v.say("results_not_comparable")}}
	}
	return signed(c.Difference), []verdict{v.verdictOf(c)}
}

// favoured says how a favourable share moved, in points of a hundred.
func (v *resultsView) favoured(c analytics.Change) verdict {
	if c.Verdict == stats.NotComparable {
		return verdict{}
	}
	judged := v.verdictOf(c)
	return verdict{judged.Class, v.say("results_favoured", "Points", signed(c.Difference), "Verdict", judged.Text)}
}

func (v *resultsView) verdictOf(c analytics.Change) verdict {
	switch c.Verdict {
	case stats.ClearlyUp:
		return verdict{"up", v.say("results_clearly_up")}
	case stats.ClearlyDown:
		return verdict{"down", v.say("results_clearly_down")}
	}
	return verdict{"", v.say("results_no_clear_change")}
}

// compared says what a measure is held against, or why against nothing.
func (v *resultsView) compared(m *analytics.Measured) string {
	switch m.Comparison {
	case analytics.Compared:
		return v.say("results_compared", "Since", v.res.Before.Label)
	case analytics.Changed:
		return v.say("results_changed", "Since", v.res.Before.Label)
	}
	return v.say("results_first")
}

// reliability says how well the items of a construct hang together; "" where that may not be told.
func (v *resultsView) reliability(m *analytics.Measured) string {
	r := m.Reliability
	if r == nil {
		return ""
	}
	key := "results_alpha"
	if r.Items == 2 {
		key = "results_spearman_brown"
	}
	text := v.count(key, r.Persons, "Value", v.Decimal(r.Value, 2), "Items", v.Number(r.Items))
	if r.Few {
		text += " " + v.say("results_alpha_few")
	}
	return text
}

// levels names the levels of a question, or of several, from the least favourable.
func (v *resultsView) levels(q *surveys.Question) (names []string) {
	switch {
	case q == nil:
		return []string{v.say("results_unfavourable"), v.say("results_neutral"), v.say("results_favourable")}
	case q.Kind == surveys.Recommend:
		return []string{"0–6", "7–8", "9–10"}
	}
	form := newFormBuilder(v.server.words.in(v.frame.Lang), v.texts.doc, nil, nil)
	for _, value := range analytics.LevelsOf(q) {
		names = append(names, form.point(q, value))
	}
	if v.err == nil {
		v.err = form.err
	}
	return names
}

// optionName is an option in the author's words; the free text beside them is ours.
func (v *resultsView) optionName(q *surveys.Question, id string) string {
	for _, o := range q.Options {
		if o.ID == id {
			return v.texts.option(q, o)
		}
	}
	return v.say("results_other")
}

// hiddenCell says of a figure that is not told exactly why.
func (v *resultsView) hiddenCell(g analytics.Group) (text, reason string) {
	if g.Level == disclosure.Hidden {
		return v.say("trend_hidden"), v.hidden(g.Reason)
	}
	if g.Coarse == nil || !g.Scored {
		return v.say("results_alike"), v.say("hidden_alike")
	}
	return range95(g.Coarse.MeanLow, g.Coarse.MeanHigh), v.say("hidden_alike")
}

func (v *resultsView) smallest(c analytics.Change) string {
	if c.Smallest == 0 {
		return ""
	}
	return v.count("trend_points", int(stats.Whole(c.Smallest)))
}
