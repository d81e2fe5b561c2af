package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/drafts"
	"soundings/surveys/waves"
)

// surveysPage lists what is being written and what is published.
type surveysPage struct {
	frame
	Headline  string
	Drafts    []draftLineView // of new surveys
	Surveys   []surveyView
	Published *surveyView    // a moment ago
	Gone      *draftLineView // was deleted a moment ago and can be restored
}

type draftLineView struct {
	ID      drafts.ID
	Version int
	Title   string
	Saved   string
}

type surveyView struct {
	ID    surveys.SurveyID
	Title surveyTitle
	About string // version and questions
	State string // of its waves
	Open  bool
	Draft *draftLineView // of the next version
}

func (s *Server) showSurveys(c *fiber.Ctx) error {
	f := s.frame(c, "surveys_title", "surveys")
	page := &surveysPage{frame: f}
	p := &phrases{speech: f.speech}
	being, err := drafts.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	next := map[surveys.SurveyID]*draftLineView{}
	for _, d := range being {
		line := p.draftLine(d, page.Zone)
		if d.Survey != 0 {
			next[d.Survey] = &line
			continue
		}
		page.Drafts = append(page.Drafts, line)
	}
	if err := s.listSurveys(c, p, page, next); err != nil {
		return err
	}
	if id := c.QueryInt("deleted"); id != 0 {
		if d, err := drafts.ByID(c.UserContext(), s.Store, drafts.ID(id)); err == nil && d.Deleted {
			line := p.draftLine(d, page.Zone)
			page.Gone = &line
		} else if err != nil && surveys.KindOf(err) != surveys.NotFound {
			return err
		}
	}
	page.Headline = p.surveysHeadline(page, len(being))
	if i := slices.IndexFunc(page.Surveys, func(v surveyView) bool { return v.ID == surveys.SurveyID(c.QueryInt("published")) }); i >= 0 {
		page.Published = &page.Surveys[i]
	}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/surveys", page)
}

func (p *phrases) draftLine(d drafts.Draft, zone *time.Location) draftLineView {
	title := d.Document.Title
	if title == "" {
		title = p.say("draft_untitled")
	}
	return draftLineView{ID: d.ID, Version: d.Version, Title: title, Saved: p.say("draft_saved_by", "When", p.stamp(d.Saved.At, zone).Text, "Who", d.Saved.By)}
}

func (p *phrases) surveysHeadline(page *surveysPage, drafts int) string {
	open := 0
	for _, v := range page.Surveys {
		if v.Open {
			open++
		}
	}
	if len(page.Surveys)+drafts == 0 {
		return p.say("surveys_none")
	}
	return p.say("surveys_headline", "Open", p.count("surveys_open", open), "Written", p.count("surveys_written", drafts))
}

func (s *Server) listSurveys(c *fiber.Ctx, p *phrases, page *surveysPage, next map[surveys.SurveyID]*draftLineView) error {
	published, err := s.Catalog.List(c.UserContext())
	if err != nil {
		return err
	}
	all, err := waves.List(s.Store.Read(c.UserContext()), 0)
	if err != nil {
		return err
	}
	runs := map[surveys.SurveyID][]surveys.Wave{}
	for _, w := range all {
		runs[w.Survey] = append(runs[w.Survey], w)
	}
	for _, survey := range slices.Backward(published) { // the newest first
		q := survey.Newest
		v := surveyView{ID: survey.ID, Title: p.titled(q.Document), Draft: next[survey.ID],
			About: p.say("surveys_version", "N", p.Number(q.Version)) + " · " + p.count("surveys_questions", len(q.Document.Questions))}
		v.State, v.Open = p.stateOf(runs[survey.ID])
		page.Surveys = append(page.Surveys, v)
	}
	return nil
}

// stateOf says where the waves of a survey stand.
func (p *phrases) stateOf(runs []surveys.Wave) (state string, open bool) {
	if len(runs) == 0 {
		return p.say("surveys_never"), false
	}
	key, at := "surveys_closed_on", runs[len(runs)-1].Closed
	label := runs[len(runs)-1].Label
	for _, w := range runs {
		switch w.State {
		case surveys.Open:
			key, at, label, open = "surveys_open_since", w.Opened, w.Label, true
		case surveys.Closing:
			if !open {
				key, at, label = "surveys_closing", w.Opened, w.Label
			}
		case surveys.Closed:
		}
	}
	day, err := p.Date(at)
	p.err = cmp.Or(p.err, err)
	return p.say(key, "Label", label, "Date", day), open
}
