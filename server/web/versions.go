package web

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/changes"
	"soundings/surveys/drafts"
	"soundings/surveys/waves"
)

// surveyPage is one survey: its versions, what changed in each, and the waves it was asked in.
type surveyPage struct {
	frame
	Survey   surveys.SurveyID
	Heading  string
	Words    writing // of the heading
	Lead     string
	About    *changes.Change // what the newest version names; nil where it names none, or none that is here
	Missing  string          // the name of a change that is not here
	Draft    drafts.ID       // of the next version, 0 if nobody is writing one
	Versions []versionRow
}

// versionRow is one version, the newest first.
type versionRow struct {
	Number    int
	Name      string
	Published string
	Facts     string
	Changes   []versionChange
	First     bool
	Waves     []askedIn
}

// versionChange is what became of one question. Statement tells who said that its new words mean the same.
type versionChange struct {
	questionTrend
	Statement string
}

type askedIn struct {
	Wave  surveys.WaveID
	Label string
	When  string
}

func surveyOf(c *fiber.Ctx) (surveys.SurveyID, error) {
	id, err := strconv.ParseInt(c.Params("survey"), 10, 64)
	if err != nil {
		return 0, &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "There is no such survey."}
	}
	return surveys.SurveyID(id), nil
}

func (s *Server) showSurvey(c *fiber.Ctx) error {
	id, err := surveyOf(c)
	if err != nil {
		return err
	}
	list, err := s.Catalog.Versions(c.UserContext(), id)
	if err != nil {
		return err
	}
	runs, err := waves.List(s.Store.Read(c.UserContext()), id)
	if err != nil {
		return err
	}
	doc := list[0].Document
	page := surveyPage{frame: s.frame(c, "survey_title", "surveys"), Survey: id}
	p := phrases{speech: page.speech}
	page.Words = writingOf(exactly(doc.Languages(), p.Spoken, doc.Language))
	page.Heading = textsOf(doc, page.Words.Tag).title()
	page.Lead = p.count("survey_versions", len(list)) + " " + p.count("survey_waves", len(runs))
	if page.About, err = s.aboutOf(c.UserContext(), doc); err != nil {
		return err
	}
	if page.About == nil {
		page.Missing = doc.Change
	} else if !mayRead(page.User, page.About) {
		page.About = nil
	}
	if page.Draft, err = s.nextDraft(c.UserContext(), id); err != nil {
		return err
	}
	for i, v := range list {
		var before *catalog.Version
		if i+1 < len(list) {
			before = &list[i+1]
		}
		page.Versions = append(page.Versions, versionOfSurvey(&p, before, v, runs))
	}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/survey", page)
}

// nextDraft is the draft of a survey's next version, or 0.
func (s *Server) nextDraft(ctx context.Context, id surveys.SurveyID) (drafts.ID, error) {
	d, err := drafts.OfSurvey(ctx, s.Store, id)
	if surveys.KindOf(err) == surveys.NotFound && err != nil {
		return 0, nil
	}
	return d.ID, err
}

func versionOfSurvey(p *phrases, before *catalog.Version, v catalog.Version, runs []surveys.Wave) versionRow {
	row := versionRow{Number: v.Version, Name: p.say("survey_version", "Version", p.Number(v.Version)), Published: p.date(v.Published), First: before == nil}
	row.Facts = p.count("library_questions", len(v.Document.Questions)) + ", " + p.count("library_minutes", v.Document.Minutes()) + ", " + languageNames(p, v.Document.Languages())
	if before != nil {
		for _, change := range catalog.Compare(before.Document, v.Document) {
			if change.Same() {
				continue
			}
			t := versionChange{questionTrend: trendOf(p, change)}
			if said, ok := v.Kept[change.ID]; ok {
				t.Trend, t.Breaks = p.say("publish_goes_on"), false
				t.Statement = p.say("survey_statement", "Who", said.By, "Date", p.date(said.At))
			}
			row.Changes = append(row.Changes, t)
		}
	}
	for _, w := range runs {
		if w.Questionnaire == v.ID {
			row.Waves = append(row.Waves, p.askedIn([]surveys.Wave{w})...)
		}
	}
	return row
}

// askedIn says when waves ran.
func (p *phrases) askedIn(list []surveys.Wave) []askedIn {
	lines := make([]askedIn, len(list))
	for i, w := range list {
		when := p.say("survey_wave_since", "From", p.date(w.Opened))
		if !w.Closed.IsZero() {
			when = p.say("survey_wave_dates", "From", p.date(w.Opened), "Until", p.date(w.Closed))
		}
		lines[i] = askedIn{w.ID, w.Label, when}
	}
	return lines
}

// exportSurvey sends one version exactly as it was published.
func (s *Server) exportSurvey(c *fiber.Ctx) error {
	id, err := surveyOf(c)
	if err != nil {
		return err
	}
	list, err := s.Catalog.Versions(c.UserContext(), id)
	if err != nil {
		return err
	}
	for _, v := range list {
		if strconv.Itoa(v.Version) != c.Params("version") {
			continue
		}
		source, err := s.Catalog.Source(c.UserContext(), v.ID)
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, "application/yaml; charset=utf-8")
		c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=\"survey-%d-version-%d.yaml\"", id, v.Version))
		return c.Send(source)
	}
	return &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "The survey has no such version."}
}

// date is a day in words.
func (p *phrases) date(t time.Time) string {
	text, err := p.Date(t)
	p.err = cmp.Or(p.err, err)
	return text
}
