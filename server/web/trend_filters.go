package web

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/surveys"
)

// trendFilters is what a trend can be seen by.
type trendFilters struct {
	Surveys       []surveyChoice
	Constructs    []choice
	Questions     []choice
	Bands         []choice
	Lasts         []option
	Pers          []option
	Organisations []choice
	Views         []option
	Sorts         []option
	Find          string
	Chosen        []option // the departments that are looked for, selected or not
	Kept          []option // departments that are selected, and not looked for
	ChosenText    string
}

// choice is an option that may show nothing; then it is offered with the reason, and cannot be taken.
type choice struct {
	option
	Disabled bool
}

// unless is a choice that cannot be taken unless something holds. What is chosen already stays so.
func (o option) unless(holds bool, reason string) choice {
	if holds || o.Selected {
		return choice{option: o}
	}
	o.Text += " – " + reason
	return choice{o, true}
}

func (s *Server) trendFilters(c *fiber.Ctx, p *phrases, view *trendView) (f trendFilters, err error) {
	list, err := s.Catalog.List(c.UserContext())
	if err != nil {
		return f, err
	}
	for _, l := range list {
		survey := p.surveyChoice(l.ID, l.Newest.Document, l.ID == view.ask.Survey)
		survey.choice = survey.unless(view.has(l.ID), p.say("trend_no_results_yet"))
		f.Surveys = append(f.Surveys, survey)
	}
	p.measures(view, &f)
	for _, b := range view.bands {
		o := option{fmt.Sprint(b.ID), b.Name, b.ID == view.ask.Band}
		f.Bands = append(f.Bands, o.unless(slices.Contains(view.trend.Bands, b.ID), p.say("trend_too_few")))
	}
	for _, last := range []int{4, 8, 0} {
		n := strconv.Itoa(last)
		f.Lasts = append(f.Lasts, option{n, p.say("trend_last_" + n), last == view.ask.Last})
	}
	for _, per := range []string{"wave", string(analytics.PerQuarter), string(analytics.PerYear)} {
		f.Pers = append(f.Pers, option{per, p.say("trend_per_" + per), per == string(view.ask.Per) || per == "wave" && view.ask.Per == analytics.PerWave})
	}
	weighable := slices.ContainsFunc(view.trend.Weighted(), analytics.Group.Shown)
	for _, how := range []string{plainly, byHeadcount, notAtAll} {
		o := option{how, p.say("trend_organisation_" + how), how == view.organisation}
		f.Organisations = append(f.Organisations, o.unless(how != byHeadcount || weighable, p.say("trend_no_headcount")))
	}
	f.Views = []option{{"", p.say("trend_view_one"), !view.small}, {"small", p.say("trend_view_small"), view.small}}
	for _, by := range []string{byLevel, byMove, byUncertainty, byName} {
		f.Sorts = append(f.Sorts, option{by, p.say("trend_sort_" + by), by == view.sort})
	}
	p.shown(view, &f)
	return f, nil
}

// has reports whether a survey has a wave whose results may be read.
func (v *trendView) has(id surveys.SurveyID) bool {
	return slices.ContainsFunc(v.showing, func(w analytics.Wave) bool { return w.Survey == id })
}

// measures lists what the waves of the survey measured: its constructs, and the questions with a number, as the newest
// wave asked them. Constructs of other surveys are offered too, and say that this one does not ask for them.
func (p *phrases) measures(view *trendView, f *trendFilters) {
	var constructs, others []string
	questions := map[string]*surveys.Question{}
	var order []string
	for _, w := range view.showing {
		doc := w.Questionnaire.Document
		for _, id := range doc.ConstructIDs() {
			if w.Survey == view.ask.Survey && !slices.Contains(constructs, id) {
				constructs = append(constructs, id)
			} else if !slices.Contains(others, id) {
				others = append(others, id)
			}
		}
		for i := range doc.Questions {
			q := &doc.Questions[i]
			if w.Survey != view.ask.Survey || q.Kind != surveys.Scale && q.Kind != surveys.Recommend {
				continue
			}
			if questions[q.ID] == nil {
				order = append(order, q.ID)
			}
			questions[q.ID] = q
		}
	}
	if len(constructs) == 0 && view.ask.Question == "" && len(view.showing) == 0 {
		constructs = []string{view.ask.Construct}
	}
	for _, id := range constructs {
		f.Constructs = append(f.Constructs, choice{option: option{id, p.measure(id), view.ask.Question == "" && id == view.ask.Construct}})
	}
	for _, id := range others {
		if !slices.Contains(constructs, id) {
			f.Constructs = append(f.Constructs, option{Value: id, Text: p.measure(id)}.unless(false, p.say("trend_other_survey")))
		}
	}
	for _, id := range order {
		f.Questions = append(f.Questions, choice{option: option{questionPrefix + id, questions[id].Text, id == view.ask.Question}})
	}
}

func (p *phrases) shown(view *trendView, f *trendFilters) {
	f.Find = view.find
	var names []string
	for _, line := range view.trend.Series {
		d := line.Department
		o := option{fmt.Sprint(d.ID), d.Name, slices.Contains(view.chosen, d.ID)}
		if o.Selected {
			names = append(names, d.Name)
		}
		switch {
		case view.found(d):
			f.Chosen = append(f.Chosen, o)
		case o.Selected:
			f.Kept = append(f.Kept, o)
		}
	}
	f.ChosenText = p.shortList(names)
}
