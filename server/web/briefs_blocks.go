package web

import (
	"cmp"
	"strings"

	"soundings/analytics"
	"soundings/analytics/brief"
	"soundings/analytics/chart"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/decisions"
	"soundings/surveys/promises"
)

// facts are the figures that stand first.
func (w *briefWriter) facts() (list []profileFact) {
	b := w.brief
	if b.Standing.Shown {
		list = append(list, profileFact{whole(b.Standing.Mean), "", w.say("measure_openness"), w.ranged(b.Standing)})
	}
	if b.Others.Shown {
		list = append(list, profileFact{whole(b.Others.Mean), "", w.say("versus_others"), w.ranged(b.Others)})
	}
	if b.Standing.Shown && b.Move.Verdict != stats.NotComparable {
		list = append(list, profileFact{signed(b.Move.Points), verdictClass(b.Move.Verdict), w.say("results_" + b.Move.Verdict.String()), w.say("profile_since", "Since", b.Move.Since)})
	}
	switch {
	case b.Asked > 0:
		list = append(list, profileFact{w.Percent(b.Rate), "", w.say("trend_answered"), w.say("trend_answered_of", "Answered", w.Number(b.Answered), "People", w.Number(b.Asked))})
	case b.Answered > 0:
		list = append(list, profileFact{w.Number(b.Answered), "", w.say("trend_answered"), w.say("brief_rate_unknown")})
	}
	if k := b.Kept; k.All() > 0 {
		detail, class := "", ""
		if k.Overdue > 0 {
			detail, class = w.count("brief_overdue", k.Overdue), "down"
		}
		list = append(list, profileFact{w.say("brief_kept_of", "Kept", w.Number(k.Kept), "All", w.Number(k.All())), class, w.say("brief_kept"), detail})
	}
	return list
}

// ranged is the interval of a mean, or that there is none because everybody answered.
func (w *briefWriter) ranged(f brief.Figure) string {
	switch {
	case f.HasInterval:
		return w.say("trend_range", "Low", whole(f.Low), "High", whole(f.High)) + " · " + w.count("versus_answers", f.N)
	case f.N == f.Headcount:
		return w.say("trend_everyone")
	}
	return w.count("versus_answers", f.N)
}

func (w *briefWriter) items() (list []briefItem) {
	for _, item := range w.brief.Weakest {
		q, ok := w.question(item.Question)
		if !ok {
			continue
		}
		own, others := item.Own, w.say("trend_hidden")
		if item.Others.Shown {
			others = whole(item.Others.Mean)
		}
		_, _, judged := w.between(analytics.Change{Verdict: item.Verdict})
		list = append(list, briefItem{Text: w.labelled(&analytics.Measured{Question: q}), Verdict: judged,
			Detail: w.say("profile_against", "Mean", whole(own.Mean), "Range", w.ranged(own), "Others", others)})
	}
	return list
}

func (w *briefWriter) choices() (list []briefChoice) {
	for _, c := range w.brief.Choices {
		q, ok := w.question(c.Question)
		if !ok {
			continue
		}
		choice := briefChoice{Title: w.texts.text(q), Count: w.count("versus_answers", c.N)}
		for _, o := range c.Options {
			item := briefItem{Text: w.optionName(q, o.ID), Detail: w.optionShare(&o)}
			if o.Verdict == stats.ClearlyUp || o.Verdict == stats.ClearlyDown {
				_, _, item.Verdict = w.between(analytics.Change{Verdict: o.Verdict})
			}
			choice.Options = append(choice.Options, item)
		}
		list = append(list, choice)
	}
	return list
}

func (w *briefWriter) optionShare(o *brief.Option) string {
	return w.share(analytics.Share{Count: o.Count, Percent: o.Percent, Low: o.Low, High: o.High, HasInterval: o.HasInterval})
}

func (w *briefWriter) rho(d *brief.Driver) string {
	return w.coefficient(analytics.Driver{Coefficient: d.Coefficient, Low: d.Low, High: d.High, HasInterval: d.HasInterval})
}

// drivers lists what goes with openness; own tells whether any of it is the department's, and note that some is not.
func (w *briefWriter) drivers() (list []briefItem, own bool, note string) {
	for _, d := range w.brief.Drivers {
		q, ok := w.question(d.Question)
		if !ok {
			continue
		}
		item := briefItem{Text: w.labelled(&analytics.Measured{Question: q}), Detail: w.count("profile_rho_n", d.N, "Rho", w.rho(&d)), Everyone: d.Everyone}
		if !d.Clear() {
			item.Verdict = verdict{"", w.say("profile_rho_unclear")}
		}
		list = append(list, item)
		if own = own || !d.Everyone; d.Everyone {
			note = w.say("brief_everyone")
		}
	}
	return list, own, note
}

// answer is an option of a decision as people read it; the free text beside them is ours.
func (w *briefWriter) answer(d *brief.Decision, id string) string {
	a, ok := d.Answer(id)
	if !ok {
		return w.say("results_other")
	}
	name, _ := a.Text.In(w.Spoken)
	return w.optionOf(decisions.Option{ID: id, From: a.From, Until: a.Until}, decisions.Text{Options: map[string]string{id: name}})
}

// decisions are what the change leaves to them: what they chose, and what was decided.
func (w *briefWriter) decisions() (list []briefDecision) {
	for i := range w.brief.Decisions {
		d := &w.brief.Decisions[i]
		title, lang := d.Title.In(w.Spoken)
		one := briefDecision{pageLink: pageLink{decisionAddress(&decisions.Decision{ID: d.ID, Change: w.brief.Change}), title}, Words: writingOf(lang)}
		switch {
		case !d.Asked:
			one.Result = w.say("brief_decision_unasked")
		case len(d.Chosen) == 0 && d.Hidden == "":
			one.Result = w.say("hidden_alike")
		case len(d.Chosen) == 0:
			one.Result = w.hidden(d.Hidden)
		default:
			one.Result = w.count("versus_answers", d.N)
		}
		for _, o := range d.Chosen {
			one.Chosen = append(one.Chosen, briefItem{Text: w.answer(d, o.ID), Detail: w.optionShare(&o)})
		}
		if e := d.Outcome; e != nil {
			what := e.Words
			if e.Option != "" {
				what = w.answer(d, e.Option)
			}
			one.Decided, one.Reason = w.say("brief_decided", "Date", w.date(e.Day.Time()), "What", what), e.Reason
		}
		list = append(list, one)
	}
	return list
}

func (w *briefWriter) ideas() (list []briefIdea) {
	for _, i := range w.brief.Ideas {
		list = append(list, briefIdea{pageLink{staffIdeaPath(i.ID), i.Title}, i.Lang, w.say("idea_" + string(i.Status))})
	}
	return list
}

// pitches are what the department and bands of it read; the scope says where the words are taken from.
func (w *briefWriter) pitches() (list []briefPitch) {
	for _, p := range w.brief.Pitches {
		one := briefPitch{Name: cmp.Or(p.Name, w.say("pitches_all_of"))}
		if p.Scope != brief.Own {
			one.Scope = w.say("brief_pitch_" + string(p.Scope))
		}
		if p.Scope != brief.NothingWritten {
			text, lang := p.Text.In(w.Spoken)
			one.HTML, one.Words = w.markdown(text), writingOf(lang)
		}
		list = append(list, one)
	}
	return list
}

func (w *briefWriter) promises() (list []briefPromise) {
	for _, p := range w.brief.Promises {
		said, lang := p.Said.In(w.Spoken)
		answer, _ := p.Answer.In(w.Spoken)
		one := briefPromise{Href: promiseAddress(p.ID), Said: said, Answer: answer, Words: writingOf(lang)}
		date := w.date(p.Day.Time())
		switch {
		case p.Overdue:
			one.State, one.Class = w.say("promise_was_due", "Date", date), "down"
		case p.State == promises.Open:
			one.State = w.say("promise_due", "Date", date)
		default:
			one.State = w.say("promise_"+string(p.State)+"_on", "Date", date)
			if p.State == promises.Kept {
				one.Class = "up"
			}
		}
		list = append(list, one)
	}
	return list
}

// doubts are the warnings of a figure, as on the pages of waves.
func (w *briefWriter) doubts(d brief.Doubt) []string {
	taken := analytics.Presence{Few: d.FewAnswered}
	if off := d.BandOff; off != nil {
		taken.Skew = &analytics.Skew{Band: surveys.Band{Name: off.Band}, Answered: off.Answered, Asked: off.Asked}
	}
	return w.warnings(taken)
}

func (w *briefWriter) earlier() (list []briefEarlier) {
	for _, e := range w.brief.Earlier {
		title, lang := e.Title.In(w.Spoken)
		one := briefEarlier{pageLink: pageLink{changeAddress(e.Change), title}, Lang: lang}
		for _, p := range e.Waves {
			one.Points = append(one.Points, briefPoint{p.Label, whole(p.Figure.Mean), w.ranged(p.Figure), chart.Class(p.Figure.Mean), w.doubts(p.Doubt)})
		}
		if text, lang := e.Pitch.In(w.Spoken); strings.TrimSpace(text) != "" {
			one.HTML, one.Words = w.markdown(text), writingOf(lang)
		}
		list = append(list, one)
	}
	return list
}
