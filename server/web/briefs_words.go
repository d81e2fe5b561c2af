package web

import (
	"fmt"
	"net/url"

	"soundings/analytics"
	"soundings/analytics/brief"
	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/decisions"
)

// briefWriter puts a brief into the words of a language.
type briefWriter struct {
	*resultsView
	brief  *analytics.Brief
	anchor string // that the anchors of its blocks begin with, where it stands in a pack: links lead to them
}

func newBriefWriter(book *waveBook, b *analytics.Brief, anchor string) *briefWriter {
	w := &briefWriter{resultsView: &resultsView{waveBook: book}, brief: b, anchor: anchor}
	if b.Questionnaire != nil {
		w.texts = textsOf(b.Questionnaire.Document, book.Lang)
	}
	return w
}

// sheet writes all but what people wrote and who carries the word.
func (w *briefWriter) sheet() briefSheet {
	b := w.brief
	s := briefSheet{speech: w.speech, ID: w.anchor, Title: w.heading(), Of: w.of(), Facts: w.facts(), Items: w.items(), Choices: w.choices(),
		Decisions: w.decisions(), Ideas: w.ideas(), Pitches: w.pitches(), Promises: w.promises(), Earlier: w.earlier()}
	s.Lead, s.Sentences = w.sentences()
	own := false
	s.Drivers, own, s.Everyone = w.drivers()
	s.DriversTitle = w.say("brief_drivers_everyone")
	if own || len(s.Drivers) == 0 {
		s.DriversTitle = w.say("profile_drivers_openness")
	}
	switch {
	case b.Wave == nil:
		s.Hidden = w.say("brief_unmeasured")
	case len(s.Facts) == 0 && len(s.Items) == 0 && len(s.Choices) == 0:
		s.Hidden = w.say("profile_state_few_detail")
	}
	s.Carried = w.say("brief_no_champion")
	if b.Champions > 0 {
		s.Carried = w.count("champions_n", b.Champions)
	}
	if v := b.Last; v != nil {
		s.Visit = &briefVisit{Href: visitAddress(v.ID), When: w.say("visits_last", "Ago", w.daysAgo(v.Days), "Date", w.date(v.Day.Time())), Purpose: v.Purpose, Heard: w.markdown(v.Heard)}
	}
	if b.Next != "" {
		s.NextVisit = pageLink{visitAddress(b.NextVisit), w.say("visits_next", "Date", w.date(b.Next.Time()))}
	}
	return s
}

func (w *briefWriter) heading() string {
	title, _ := w.brief.ChangeTitle.In(w.Spoken)
	return w.say("brief_heading", "Department", w.brief.DepartmentName, "Change", title)
}

// of says which figures there are, and of which day the brief is.
func (w *briefWriter) of() string {
	day := w.say("brief_day", "Date", w.date(w.brief.Day.Time()))
	if w.brief.Wave == nil {
		return day
	}
	return w.say("brief_of", "Day", day, "Wave", w.brief.Wave.Label, "Survey", w.texts.title())
}

// told is a figure as the other pages tell it.
func (w *briefWriter) told(f brief.Figure) analytics.Group {
	g := analytics.Group{Level: disclosure.Hidden, Reason: f.Reason, N: f.N, Headcount: f.Headcount, Scored: true, Mean: f.Mean, Low: f.Low, High: f.High, HasInterval: f.HasInterval}
	switch {
	case f.Shown:
		g.Level = disclosure.Shown
	case f.Between != nil:
		g.Level, g.Coarse = disclosure.Coarse, &analytics.Coarse{MeanLow: f.Between[0], MeanHigh: f.Between[1]}
	}
	return g
}

// figure is a mean with its interval and number of answers, or why there is none.
func (w *briefWriter) figure(f brief.Figure) string {
	g := w.told(f)
	if g.Shown() {
		return w.pointedAt(g)
	}
	text, _ := w.hiddenCell(g)
	return text
}

// asked is a question in the words of its author, quoted.
func (w *briefWriter) asked(id string) string {
	if q, ok := w.question(id); ok {
		return w.quoted(q)
	}
	return ""
}

func (w *briefWriter) question(id string) (*surveys.Question, bool) {
	if w.texts.doc == nil || id == "" {
		return nil, false
	}
	return w.texts.doc.Question(id)
}

// sentences says what the rules say: what stands first, and the others.
func (w *briefWriter) sentences() (lead, others []briefSentence) {
	all := brief.Say(&w.brief.Brief)
	var said []briefSentence
	for i, s := range all {
		href, where := w.place(&s)
		said = append(said, briefSentence{w.sentence(&s), w.Number(i + 1), href, where})
	}
	first := brief.First(all)
	return said[:first], said[first:]
}

// sentence puts one of the rules' sentences into words.
func (w *briefWriter) sentence(s *brief.Sentence) string {
	pairs := []any{"Department", w.brief.DepartmentName, "Question", w.asked(s.Question), "Of", w.Number(s.Of), "Answered", w.Number(s.Count)}
	if w.brief.Wave != nil {
		pairs = append(pairs, "Wave", w.brief.Wave.Label)
	}
	if s.Figure != nil {
		_, reason := w.hiddenCell(w.told(*s.Figure))
		pairs = append(pairs, "Mean", w.figure(*s.Figure), "Reason", reason)
	}
	if s.Others != nil {
		pairs = append(pairs, "Others", w.figure(*s.Others))
	}
	if m := s.Move; m != nil {
		pairs = append(pairs, "Since", m.Since, "Points", signed(m.Points), "Smallest", whole(m.Smallest))
	}
	if d := s.Decision; d != nil {
		title, _ := d.Title.In(w.Spoken)
		pairs = append(pairs, "Title", title)
		if s.Option != nil {
			pairs = append(pairs, "Option", w.answer(d, s.Option.ID), "Share", w.optionShare(s.Option))
		}
	}
	if q, ok := w.question(s.Question); ok && s.Option != nil {
		pairs = append(pairs, "Option", w.optionName(q, s.Option.ID), "Share", w.optionShare(s.Option))
	}
	if d := s.Driver; d != nil {
		pairs = append(pairs, "Rho", w.rho(d))
	}
	if off := s.Band; off != nil {
		return w.say("brief_says_"+s.Rule, "Band", off.Band, "Answered", w.Percent(off.Answered/100), "Asked", w.Percent(off.Asked/100))
	}
	if p := s.Promise; p != nil {
		text, _ := p.Answer.In(w.Spoken)
		pairs = append(pairs, "Answer", text, "Date", w.date(p.Day.Time()))
	}
	if v := s.Visit; v != nil {
		pairs = append(pairs, "Ago", w.daysAgo(v.Days), "Date", w.date(v.Day.Time()))
	}
	key := "brief_says_" + s.Rule
	switch s.Rule {
	case "overdue", "ideas_waiting", "champions", "long_unvisited":
		return w.count(key, s.Count, pairs...)
	}
	return w.say(key, pairs...)
}

// place is where the number of a sentence stands: in a pack, in the block of the brief; else on the page it comes from.
func (w *briefWriter) place(s *brief.Sentence) (href, where string) {
	where = w.say("brief_at_" + string(s.At))
	if w.anchor != "" {
		return "#" + w.anchor + "-" + blockOf(s.At), where
	}
	department := fmt.Sprintf("/departments/%d", w.brief.Department)
	switch s.At {
	case brief.AtPromises, brief.AtVisits, brief.AtChampions:
		return department + "#" + string(s.At), where
	case brief.AtPromise:
		return promiseAddress(s.Promise.ID) + "#stages", where
	case brief.AtVisit:
		return visitAddress(s.Visit.ID) + "#facts", where
	case brief.AtIdea:
		return staffIdeaPath(s.Idea.ID) + "#replies", where
	case brief.AtIdeas:
		return "/ideas?department=" + idText(int64(w.brief.Department)) + "#list", where
	case brief.AtDecision:
		return decisionAddress(&decisions.Decision{ID: s.Decision.ID, Change: w.brief.Change}) + "#options", where
	case brief.AtResult:
		return decisionAddress(&decisions.Decision{ID: s.Decision.ID, Change: w.brief.Change}) + "#result", where
	case brief.AtOpen:
		return changeAddress(w.brief.Change) + "#what-it-is", where
	}
	if b := w.brief.Wave; b != nil {
		q := url.Values{"survey": {idText(int64(b.Survey))}}
		if !b.Newest {
			q.Set("wave", idText(int64(b.ID)))
		}
		department += "?" + q.Encode()
	}
	return department + "#" + w.fragment(s), where
}

// fragment is the place on the page of a department.
func (w *briefWriter) fragment(s *brief.Sentence) string {
	switch {
	case s.At == brief.AtQuestion && s.Question == "":
		return constructID(surveys.Openness)
	case s.At == brief.AtQuestion:
		return questionID(s.Question)
	case s.At == brief.AtOptions:
		return optionsID(s.Question)
	}
	return string(s.At)
}

// blockOf is the block of a brief that has what a place has.
func blockOf(at brief.Place) string {
	switch at {
	case brief.AtStanding, brief.AtFacts:
		return "figures"
	case brief.AtQuestion, brief.AtOptions:
		return "worries"
	case brief.AtPromise, brief.AtPromises:
		return "promises"
	case brief.AtVisit, brief.AtVisits:
		return "visit"
	case brief.AtIdea, brief.AtIdeas, brief.AtChampions:
		return "carries"
	case brief.AtDecision, brief.AtResult:
		return "decide"
	case brief.AtOpen:
		return "put"
	}
	return string(at)
}
