package web

import (
	"cmp"
	"io"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/report"
	"soundings/surveys"
	"soundings/surveys/waves"
)

// effectPath is the page that holds visited departments against the others; its chart and its file lie beneath it.
const effectPath = "/visits/effect"

// effectPage says how departments that were visited between two waves moved, and how the others did.
type effectPage struct {
	frame
	Headline   []part
	Lead       string
	State      string // "none", "apart" or "few" instead of figures
	Surveys    []surveyChoice
	Constructs []option
	Before     []option
	After      []option
	Days       string // which visits count
	Figure     *figure
	Table      *effectTable
	LeftOut    []string // why some departments are on neither side
	File       string   // address of the table as CSV
}

// effectView is a comparison as its address asks for it.
type effectView struct {
	phrases
	frame   frame
	showing []analytics.Wave // of any survey
	effect  *analytics.VisitEffect
}

// effectQuery reads which comparison an address asks for; without a survey it is of the one that measured the construct
// last. The waves are as the address names them, whatever they are.
func (s *Server) effectQuery(c *fiber.Ctx) (ask analytics.EffectQuery, showing []analytics.Wave, err error) {
	trend := analytics.TrendQuery{Construct: utils.CopyString(c.Query("construct", surveys.Openness))}
	var numbers [3]int64
	for i, name := range []string{"survey", "before", "after"} {
		if numbers[i], err = numberQuery(c, name); err != nil {
			return ask, nil, err
		}
	}
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return ask, nil, err
	}
	showing = slices.DeleteFunc(all, func(w analytics.Wave) bool { return w.State != surveys.Closed })
	trend.Survey = surveys.SurveyID(numbers[0])
	trend = settle(trend, showing)
	ask = analytics.EffectQuery{Survey: trend.Survey, Construct: trend.Construct, Before: surveys.WaveID(numbers[1]), After: surveys.WaveID(numbers[2])}
	ask.Zone, err = waves.Zone(s.Store.Read(c.UserContext()))
	return ask, showing, err
}

// effectOf reads the comparison for a page. Waves of another survey, which a form sends when another survey is chosen, are
// left to be chosen.
func (s *Server) effectOf(c *fiber.Ctx) (*effectView, error) {
	v := &effectView{frame: s.frame(c, "effect_title", "visits")}
	v.phrases = phrases{speech: v.frame.speech}
	ask, showing, err := s.effectQuery(c)
	if err != nil {
		return nil, err
	}
	v.showing = showing
	for _, wave := range []*surveys.WaveID{&ask.Before, &ask.After} {
		if !measuredIn(showing, ask, *wave) {
			*wave = 0
		}
	}
	e, err := s.Results.VisitEffect(c.UserContext(), ask)
	if err != nil {
		return nil, err
	}
	v.effect = e.Only(v.frame.User.Sees)
	return v, nil
}

// measuredIn reports whether a wave is of the survey and measured the construct.
func measuredIn(showing []analytics.Wave, ask analytics.EffectQuery, wave surveys.WaveID) bool {
	measured := analytics.TrendQuery{Construct: ask.Construct}
	return slices.ContainsFunc(showing, func(w analytics.Wave) bool {
		return w.ID == wave && w.Survey == ask.Survey && measured.MeasuredBy(w)
	})
}

// query is the address of exactly this comparison.
func (v *effectView) query() url.Values {
	ask := v.effect.Ask
	return url.Values{"survey": {idText(int64(ask.Survey))}, "construct": {ask.Construct}, "before": {idText(int64(ask.Before))}, "after": {idText(int64(ask.After))}}
}

// alone reports whether it is the choice of a wave, not a want of waves, that leaves nothing to compare.
func (v *effectView) alone() bool {
	ask := v.effect.Ask
	return v.effect.State == analytics.NoPair && len(v.effect.Waves) > 1 && (ask.Before != 0 || ask.After != 0)
}

func (s *Server) showEffect(c *fiber.Ctx) error {
	v, err := s.effectOf(c)
	if err != nil {
		return err
	}
	page := effectPage{frame: v.frame, Headline: v.headline()}
	v.offer(&page)
	switch e := v.effect; {
	case v.alone():
		page.State, page.Lead = "apart", v.say("effect_alone_lead")
	case e.State == analytics.NoPair:
		page.State, page.Lead = "none", v.say("effect_none_lead")
	case e.State == analytics.Apart:
		page.State, page.Lead = "apart", v.say("effect_apart_lead")
	default:
		page.Lead, page.Days, page.LeftOut = v.lead(), v.days(), v.leftOut()
		if page.State = "few"; len(e.Rows) > 0 {
			page.State, page.Figure, page.Table = "", v.figure(), v.table()
			page.File = effectPath + "/effect.csv?" + v.query().Encode()
		}
	}
	if page.User.Limited {
		page.Lead += " " + v.say("limited_view")
	}
	return s.finish(c, "staff/visits_effect", &v.phrases, page)
}

// offer lists what can be chosen: surveys with closed waves, what the waves of this one measured, and these waves.
func (v *effectView) offer(page *effectPage) {
	ask := v.effect.Ask
	var constructs []string
	for _, w := range slices.Backward(v.showing) {
		doc := w.Questionnaire.Document
		if len(doc.ConstructIDs()) == 0 {
			continue
		}
		if !slices.ContainsFunc(page.Surveys, func(c surveyChoice) bool { return c.Value == idText(int64(w.Survey)) }) {
			page.Surveys = append(page.Surveys, v.surveyChoice(w.Survey, doc, w.Survey == ask.Survey))
		}
		for _, id := range doc.ConstructIDs() {
			if w.Survey == ask.Survey && !slices.Contains(constructs, id) {
				constructs = append(constructs, id)
				page.Constructs = append(page.Constructs, option{id, v.measure(id), id == ask.Construct})
			}
		}
	}
	for _, w := range slices.Backward(v.effect.Waves) {
		id := idText(int64(w.ID))
		page.Before = append(page.Before, option{id, w.Label, w.ID == ask.Before})
		page.After = append(page.After, option{id, w.Label, w.ID == ask.After})
	}
}

func (v *effectView) figure() *figure {
	e := v.effect
	f := v.frame.figure("effect", effectPath+"/chart", v.query())
	f.Title = v.say("effect_chart", "Measure", v.measure(e.Ask.Construct), "Before", e.Before.Label, "After", e.After.Label)
	f.Note, f.Alt = v.say("effect_chart_note", "Before", e.Before.Label, "After", e.After.Label), v.say("effect_chart_alt")
	f.Table, f.Name, f.Size = effectTableID, "visits", chart.MovesSize(len(v.moves()))
	f.Of = v.titled(e.After.Questionnaire.Document).Text
	return &f
}

// moves are the rows of the chart: the mean of each side, if it may be told, and its departments beneath.
func (v *effectView) moves() (rows []chart.MoveRow) {
	e := v.effect
	for _, visited := range []bool{true, false} {
		if name, of := v.side(visited); of != nil {
			rows = append(rows, chart.MoveRow{Name: name, From: of.Before, To: of.After, Visited: visited, Whole: true,
				Tip: v.say("effect_tip", "Before", whole(of.Before), "After", whole(of.After)), End: signed(of.After - of.Before)})
		}
		for _, r := range e.Rows {
			if r.Visited() == visited {
				rows = append(rows, chart.MoveRow{Name: doubted(r.Department.Name, r.Took[0].Warns() || r.Took[1].Warns()), From: r.Before.Mean, To: r.After.Mean, Visited: visited,
					Tip: v.say("effect_tip", "Before", v.pointedAt(r.Before), "After", v.pointedAt(r.After)), End: signed(r.Change)})
			}
		}
	}
	return rows
}

// effectChart draws where each department stood and stands.
func (s *Server) effectChart(c *fiber.Ctx) error {
	v, err := s.effectOf(c)
	if err != nil {
		return err
	}
	if len(v.effect.Rows) == 0 {
		return noChart()
	}
	return s.chartAnswer(c, *v.figure(), func() ([]byte, error) {
		options, err := chart.Moves(v.moves())
		return options, cmp.Or(err, v.err)
	})
}

// takeEffect answers with the table as CSV.
func (s *Server) takeEffect(c *fiber.Ctx) error {
	v, err := s.effectOf(c)
	if err != nil {
		return err
	}
	e := v.effect
	if len(e.Rows) == 0 {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web: visits", Message: "There are no two waves of which departments could be compared."}
	}
	audited(c).Subject = "survey " + idText(int64(e.Ask.Survey)) + ", waves " + idText(int64(e.Before.ID)) + " and " + idText(int64(e.After.ID))
	name := fileName(".csv", v.titled(e.After.Questionnaire.Document).Text, v.say("effect_file"), e.Before.Label, e.After.Label)
	if v.err != nil {
		return v.err
	}
	return s.download(c, name, csvType, func(w io.Writer) error {
		_, err := report.VisitEffect(e, w)
		return err
	})
}
