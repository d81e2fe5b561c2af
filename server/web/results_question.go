package web

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/promises"
)

// questionPage is one question of a wave: how every group answered it.
type questionPage struct {
	frame
	Crumb   string
	Back    string // address of all results
	Kind    string
	Heading string
	Lead    []part
	Note    string
	Waiting surveys.WaveID
	Figure  *figure
	Table   *resultTable
	Spread  *spreadTable
	Options *optionTable
	Version string
	Before  *pageLink
	Next    *pageLink
	Promise string // address of the form of a promise about it, for those who may make one
}

type pageLink struct{ Href, Text string }

// spreadTable is how many per cent of each group gave each answer.
type spreadTable struct {
	Columns []string
	Rows    []spreadRow
}

type spreadRow struct {
	Name   string
	Cells  []spreadCell
	Reason string // instead of cells
	N      string
}

type spreadCell struct {
	Text   string
	Move   string // of a clear move
	Moved  string
	Detail string // how many of how many, and the interval
}

// question finds the question in the address among the wave's results.
func (v *resultsView) question(c *fiber.Ctx) (*analytics.Measured, error) {
	id := utils.CopyString(c.Params("question"))
	m, ok := v.res.Measure("", id)
	if !ok {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web: results", Message: fmt.Sprintf("This wave has no question %q with counted answers.", id)}
	}
	return m, nil
}

func (s *Server) showQuestionResults(c *fiber.Ctx) error {
	v, err := s.resultsOf(c)
	if err != nil {
		return err
	}
	m, err := v.question(c)
	if err != nil {
		return err
	}
	page := questionPage{frame: v.frame, Crumb: v.crumb(), Back: v.address(""), Heading: v.title(m), Lead: v.questionLead(m), Kind: v.kind(m.Question)}
	page.Before, page.Next = v.neighbours(m)
	page.Note = v.compared(m)
	page.Version = v.say("results_version", "Question", m.Question.ID, "Version", v.Number(v.res.Wave.Questionnaire.Versions[m.Question.ID]))
	if !v.res.Wave.Showing() {
		page.Waiting = v.res.Wave.ID
		return s.finish(c, "staff/question", &v.phrases, page)
	}
	spread := v.spreadTable(m)
	page.Spread = &spread
	if m.Question.Scored() {
		t := v.unitTable(m, "groups")
		t.Title = v.say("results_groups")
		page.Table = &t
	} else {
		t := v.optionTable(m, "options")
		t.Title, t.Href = v.everyone(), ""
		page.Options = &t
	}
	page.Figure = v.questionFigure(m)
	if v.frame.May("converse") {
		page.Promise = promiseAbout(promises.Source{Kind: promises.Item, Ref: m.Question.ID}, 0)
	}
	return s.finish(c, "staff/question", &v.phrases, page)
}

// kind says in a word or two how a question was answered.
func (v *resultsView) kind(q *surveys.Question) string {
	text := v.say("results_kind_"+string(q.Kind), "Points", v.Number(q.Points))
	if q.Reversed {
		text += " · " + v.say("results_kind_reversed")
	}
	return text
}

// neighbours are the questions before and after in the questionnaire.
func (v *resultsView) neighbours(m *analytics.Measured) (before, next *pageLink) {
	found := false
	for i := range v.res.Measures {
		o := &v.res.Measures[i]
		if o.Question == nil {
			continue
		}
		link := &pageLink{v.address("/questions/" + o.Question.ID), v.title(o)}
		switch {
		case o.Question.ID == m.Question.ID:
			found = true
		case !found:
			before = link
		default:
			return before, link
		}
	}
	return before, nil
}

// questionLead says what everyone answered, and which groups moved.
func (v *resultsView) questionLead(m *analytics.Measured) []part {
	t := m.Total
	if !t.Shown() {
		_, reason := v.hiddenCell(t.Group)
		return []part{{Text: reason}}
	}
	var parts []part
	if t.Recommend != nil {
		parts = append(parts, part{Text: v.say("results_lead_recommend", "Score", signed(t.Recommend.Score), "Detail", v.recommendDetail(t.Group))})
	} else if sides, ok := t.Sides(); ok {
		parts = append(parts, part{Text: v.count("results_lead_sides", t.N, "Unfavourable", v.Percent(sides.Unfavourable.Percent/100), "Favourable", v.share(sides.Favourable))})
	} else if best := foremost(t.Options); best != nil {
		key := map[surveys.Kind]string{surveys.Choice: "results_lead_choice", surveys.Choices: "results_lead_choices", surveys.Ranking: "results_lead_ranking"}[m.Question.Kind]
		parts = append(parts, part{Text: v.count(key, t.N, "Option", v.optionName(m.Question, best.ID), "Share", v.share(best.Share))})
	}
	for _, moved := range []struct {
		verdict    stats.Verdict
		key, class string
	}{{stats.ClearlyUp, "results_lead_up", "up"}, {stats.ClearlyDown, "results_lead_down", "down"}} {
		var names []string
		for i, u := range m.Units {
			if u.Change.Verdict == moved.verdict {
				names = append(names, unitName(v.res.Units[i]))
			}
		}
		if len(names) == 0 {
			continue
		}
		before, after, _ := strings.Cut(v.count(moved.key, len(names), "Names", gap, "Since", v.res.Before.Label), gap)
		parts = append(parts, part{Text: " " + before})
		parts = append(append(parts, v.phrases.names(names, moved.class)...), part{Text: after})
	}
	return parts
}

// foremost is the option with the largest share.
func foremost(options []analytics.OptionTold) (best *analytics.OptionTold) {
	for i := range options {
		if best == nil || options[i].Share.Count > best.Share.Count {
			best = &options[i]
		}
	}
	return best
}

// spreadTable is how each group answered, answer by answer.
func (v *resultsView) spreadTable(m *analytics.Measured) spreadTable {
	t := spreadTable{}
	if m.Question.Scored() {
		t.Columns = v.levels(m.Question)
	} else {
		for _, o := range m.Question.Options {
			t.Columns = append(t.Columns, v.texts.option(m.Question, o))
		}
		if m.Question.Other {
			t.Columns = append(t.Columns, v.say("results_other"))
		}
	}
	t.Rows = append(t.Rows, v.spreadRow(m, v.everyone(), m.Total))
	for _, i := range v.order {
		t.Rows = append(t.Rows, v.spreadRow(m, unitName(v.res.Units[i]), m.Units[i]))
	}
	return t
}

func (v *resultsView) spreadRow(m *analytics.Measured, name string, t analytics.Told) spreadRow {
	row := spreadRow{Name: name}
	if !t.Shown() {
		_, row.Reason = v.hiddenCell(t.Group)
		return row
	}
	row.N = v.Number(t.N)
	cell := func(s analytics.Share) spreadCell {
		detail := v.count("results_of_n", t.N, "Answers", v.Number(s.Count))
		return spreadCell{Text: v.Percent(s.Percent / 100), Detail: detail}
	}
	if levels, ok := t.Levels(m.Question); ok {
		for _, share := range levels {
			row.Cells = append(row.Cells, cell(share))
		}
		return row
	}
	for _, o := range t.Options {
		c := cell(o.Share)
		switch o.Change.Verdict {
		case stats.ClearlyUp:
			c.Move, c.Moved = "▲ "+whole(o.Change.Difference), v.verdictOf(o.Change).Text
		case stats.ClearlyDown:
			c.Move, c.Moved = "▼ "+whole(-o.Change.Difference), v.verdictOf(o.Change).Text
		}
		row.Cells = append(row.Cells, c)
	}
	return row
}

// questionFigure is the chart of a question; nil where nothing of it may be drawn.
func (v *resultsView) questionFigure(m *analytics.Measured) *figure {
	if !m.Total.Shown() {
		return nil
	}
	address := resultsAddress(v.res.Wave.ID, "/questions/"+url.PathEscape(m.Question.ID)+"/chart", nil)
	f := v.frame.figure("question", address, v.query())
	f.Title, f.Name, f.Size = v.title(m), v.fileName(m.Question.ID), v.questionSize(m)
	key := map[surveys.Kind]string{surveys.Scale: "results_figure_sides", surveys.Recommend: "results_figure_recommend", surveys.Ranking: "results_figure_ranking"}[m.Question.Kind]
	f.Table = "spread"
	if key == "" {
		key = "results_figure_options"
	}
	f.Note, f.Alt, f.Of = v.say(key), v.say("results_figure_alt", "Question", v.title(m)), v.ofWave()
	return &f
}
