package web

import (
	"context"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/quotes"
	"soundings/analytics/report"
	"soundings/server/accounts"
	"soundings/static"
	"soundings/surveys"
	"soundings/surveys/waves"
)

// exportsPage offers results and responses as files.
type exportsPage struct {
	frame
	Lead    string
	Surveys []exportedSurvey
	Some    bool // one survey was asked for
}

type exportedSurvey struct {
	ID    surveys.SurveyID
	Title surveyTitle
	Waves []exportedWave // the newest first
}

type exportedWave struct {
	ID     surveys.WaveID
	Label  string
	When   string
	Closed bool
	Chosen bool
}

func (s *Server) showExports(c *fiber.Ctx) error {
	survey, err := numberQuery(c, "survey")
	if err != nil {
		return err
	}
	wave, err := numberQuery(c, "wave")
	if err != nil {
		return err
	}
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(all, func(w analytics.Wave) bool { return int64(w.ID) == wave }); at >= 0 {
		survey = int64(all[at].Survey)
	}
	page := exportsPage{frame: s.frame(c, "exports_title", "exports")}
	p := &phrases{speech: page.speech}
	page.Lead, page.Some = p.say("exports_lead"), survey != 0
	if page.User.Limited {
		page.Lead += " " + p.say("exports_lead_limited")
	}
	for _, w := range slices.Backward(all) {
		if survey != 0 && survey != int64(w.Survey) {
			continue
		}
		at := slices.IndexFunc(page.Surveys, func(e exportedSurvey) bool { return e.ID == w.Survey })
		if at < 0 {
			page.Surveys, at = append(page.Surveys, exportedSurvey{ID: w.Survey, Title: p.titled(w.Questionnaire.Document)}), len(page.Surveys)
		}
		line := exportedWave{ID: w.ID, Label: w.Label, When: p.say("exports_not_closed"), Closed: w.State == surveys.Closed, Chosen: int64(w.ID) == wave}
		if line.Closed {
			line.When = p.date(w.Closed.In(page.Zone))
		}
		page.Surveys[at].Waves = append(page.Surveys[at].Waves, line)
	}
	return s.finish(c, "staff/exports", p, page)
}

// taken is what somebody takes away: waves of one survey, and the words it is written in.
type taken struct {
	waves []analytics.Wave
	words report.Words
	name  func(what, ending string) string
	say   *phrases
}

// takeaway reads which waves are asked for: one, or those of a survey.
func (s *Server) takeaway(c *fiber.Ctx) (*taken, error) {
	zone, err := waves.Zone(s.Store.Read(c.UserContext()))
	if err != nil {
		return nil, err
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	t := &taken{words: fileWords(p, zone), say: p}
	if id, err := strconv.ParseInt(c.Params("wave"), 10, 64); err == nil {
		w, err := s.Results.WaveByID(c.UserContext(), surveys.WaveID(id))
		if err != nil {
			return nil, err
		}
		t.waves = []analytics.Wave{w}
		t.name = func(what, ending string) string {
			return fileName(ending, p.titled(w.Questionnaire.Document).Text, w.Label, p.say("exports_file_"+what))
		}
		return t, nil
	}
	id, err := strconv.ParseInt(c.Params("survey"), 10, 64)
	if err == nil {
		t.waves, err = s.Results.Waves(c.UserContext(), surveys.SurveyID(id))
	}
	if err == nil && len(t.waves) > 0 {
		newest := t.waves[len(t.waves)-1]
		t.name = func(what, ending string) string {
			return fileName(ending, p.titled(newest.Questionnaire.Document).Text, p.say("exports_file_"+what))
		}
		return t, nil
	}
	if _, wrong := err.(*strconv.NumError); wrong || err == nil {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web", Message: "There is no such wave, and no survey with waves of that number."}
	}
	return nil, err
}

// fileWords are the words of files in the language of a page.
func fileWords(p *phrases, zone *time.Location) report.Words {
	return report.Words{Lang: p.Lang, Zone: zone, Measure: p.measure, Hidden: p.hidden,
		Say: func(key string, pairs ...any) string { return p.say("file_"+key, pairs...) }}
}

// FileWords gives the words of files in a language to whoever writes files without a page; failed tells afterwards whether
// any were missing.
func FileWords(lang string, zone *time.Location) (words report.Words, failed func() error, err error) {
	known, err := newWords(static.Locales(), staffWords)
	if err != nil {
		return report.Words{}, nil, err
	}
	p := &phrases{speech: known.in(lang)}
	return fileWords(p, zone), func() error { return p.err }, nil
}

// takeResults answers with a file of results.
func (s *Server) takeResults(c *fiber.Ctx, ending, kind string, write func(ctx context.Context, t *taken, g *report.Gathered, w io.Writer) error) error {
	t, err := s.takeaway(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	g, err := report.Gather(ctx, s.Results, t.waves, scopeOf(c))
	if err != nil {
		return err
	}
	name := t.name("results", ending)
	if t.say.err != nil {
		return t.say.err
	}
	return s.download(c, name, kind, func(w io.Writer) error {
		if err := write(ctx, t, g, w); err != nil {
			return err
		}
		return t.say.err
	})
}

func (s *Server) takeCSV(c *fiber.Ctx) error {
	return s.takeResults(c, ".csv", csvType, func(_ context.Context, t *taken, g *report.Gathered, w io.Writer) error {
		_, err := report.Results(g, t.words.Zone, w)
		return err
	})
}

func (s *Server) takeBook(c *fiber.Ctx) error {
	return s.takeResults(c, ".xlsx", xlsxType, func(ctx context.Context, t *taken, g *report.Gathered, w io.Writer) error {
		if !current(c).User.Role.May(accounts.ReadComments) {
			return report.WriteWorkbook(g, t.words, w)
		}
		return report.WriteWorkbook(g, t.words, w, report.CommentsPart(ctx, s.Store, s.covers(t.say), scopeOf(c)))
	})
}

func (s *Server) takeResponses(c *fiber.Ctx) error {
	return s.takeAnswers(c, "responses", ".csv", csvType, func(ctx context.Context, t *taken, w io.Writer) error {
		wave := t.waves[0]
		_, err := report.ResponsesWithin(ctx, s.Store, wave.Questionnaire, wave.Wave, scopeOf(c), w)
		return err
	})
}

func (s *Server) takeResponsesBook(c *fiber.Ctx) error {
	return s.takeAnswers(c, "responses", ".xlsx", xlsxType, func(ctx context.Context, t *taken, w io.Writer) error {
		wave := t.waves[0]
		_, err := report.ResponsesWorkbook(ctx, s.Store, wave.Questionnaire, wave.Wave, scopeOf(c), t.words, w)
		return err
	})
}

// takeComments answers with the comments on a wave, as their page shows them.
func (s *Server) takeComments(c *fiber.Ctx) error {
	return s.takeAnswers(c, "comments", ".csv", csvType, func(ctx context.Context, t *taken, w io.Writer) error {
		wave := t.waves[0]
		_, err := report.CommentsWithin(ctx, s.Store, s.covers(t.say), wave.Questionnaire, wave.Wave, scopeOf(c), w)
		return err
	})
}

// covers are the words that stand in files where names and addresses are covered on the page.
func (s *Server) covers(p *phrases) report.Covers {
	words := map[quotes.Mask]string{}
	for _, mask := range []quotes.Mask{quotes.Name, quotes.Email, quotes.Phone} {
		words[mask] = "[" + p.say("comments_mask_"+string(mask)) + "]"
	}
	return report.Covers{Quotes: s.Quotes, Words: words}
}

// scopeOf is what whoever asks may take away.
func scopeOf(c *fiber.Ctx) report.Scope {
	user := current(c).User
	return report.Scope{All: !user.Limited, Sees: user.Sees}
}

// takeAnswers answers with a file of what people answered to a wave, or wrote.
func (s *Server) takeAnswers(c *fiber.Ctx, what, ending, kind string, write func(ctx context.Context, t *taken, w io.Writer) error) error {
	t, err := s.takeaway(c)
	if err != nil {
		return err
	}
	name := t.name(what, ending)
	return s.download(c, name, kind, func(w io.Writer) error {
		if err := write(c.UserContext(), t, w); err != nil {
			return err
		}
		return t.say.err
	})
}
