package web

import (
	"fmt"
	"slices"
	"strings"

	"soundings/analytics"
	"soundings/analytics/chart"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// heatTable is every question in every department.
type heatTable struct {
	Columns []heatColumn
	Rows    []heatRow
	File    string   // address of its picture
	Name    string   // of that, without an ending
	Unit    string   // what the rows are
	Scaled  bool     // there is a chart of it
	Hidden  []string // why cells are hidden, each reason once
}

type heatColumn struct {
	Text string
	Note string // where the figures are not means
	Href string // of the question's own page; "" for constructs
}

type heatRow struct {
	Name     string
	All      bool // the whole that the others are parts of
	Cells    []heatCell
	Answered string
	Warnings []string
}

type heatCell struct {
	Text   string
	Class  int    // of the nine colours, if Shown
	Shown  bool   // exactly
	Full   string // mean, interval and number of answers
	Move   string // of a clear move: "▲ 6"
	Moved  string // the same in words
	Reason string // why not shown
}

func (v *resultsView) heat() heatTable {
	t := heatTable{Unit: v.say("results_by_" + string(v.res.Ask.By))}
	var columns []*analytics.Measured
	for i := range v.res.Measures {
		m := &v.res.Measures[i]
		if m.Question != nil && !m.Question.Scored() {
			continue
		}
		columns = append(columns, m)
		column := heatColumn{Text: v.labelled(m)}
		if recommends(m) {
			column.Note = v.say("results_heat_score")
		}
		if m.Question != nil {
			column.Href = v.address("/questions/" + m.Question.ID)
		}
		t.Columns = append(t.Columns, column)
	}
	t.Scaled = len(columns) > 0
	row := func(name string, taken analytics.Presence, of func(m *analytics.Measured) analytics.Told) heatRow {
		r := heatRow{Name: name, Answered: v.rate(taken), Warnings: v.warnings(taken)}
		for _, m := range columns {
			r.Cells = append(r.Cells, v.heatCell(m, of(m)))
		}
		return r
	}
	whole := row(v.everyone(), v.res.TakenAll, func(m *analytics.Measured) analytics.Told { return m.Total })
	whole.All = true
	t.Rows = append(t.Rows, whole)
	for _, i := range v.order {
		t.Rows = append(t.Rows, row(unitName(v.res.Units[i]), v.res.Taken[i], func(m *analytics.Measured) analytics.Told { return m.Units[i] }))
	}
	t.Hidden = reasonsOf(t.Rows)
	f := v.heatFigure(t)
	t.File, t.Name = f.File(), f.Name
	return t
}

// reasonsOf are why cells are hidden, each once.
func reasonsOf(rows []heatRow) (reasons []string) {
	for _, r := range rows {
		for _, cell := range r.Cells {
			if !cell.Shown && !slices.Contains(reasons, cell.Reason) {
				reasons = append(reasons, cell.Reason)
			}
		}
	}
	return reasons
}

func (v *resultsView) heatCell(m *analytics.Measured, t analytics.Told) heatCell {
	if !t.Shown() {
		text, reason := v.hiddenCell(told(m, t.Group))
		return heatCell{Text: text, Reason: reason}
	}
	cell := heatCell{Shown: true, Text: whole(t.Mean), Class: chart.Class(t.Mean), Full: v.pointedAt(t.Group)}
	if r := t.Recommend; r != nil {
		cell.Text, cell.Class, cell.Full = signed(r.Score), recommendClass(r), v.recommended(t.Group)
	}
	switch t.Change.Verdict {
	case stats.ClearlyUp:
		cell.Move = "▲ " + whole(t.Change.Difference)
	case stats.ClearlyDown:
		cell.Move = "▼ " + whole(-t.Change.Difference)
	}
	if cell.Move != "" {
		cell.Moved = v.verdictOf(t.Change).Text
	}
	return cell
}

// rate is the response rate, or how many answered where nobody knows of how many.
func (v *resultsView) rate(p analytics.Presence) string {
	switch {
	case !p.Shown():
		return v.say("trend_hidden")
	case p.HasRate:
		return v.Percent(p.Rate)
	}
	return v.Number(p.N)
}

// takenRow is how many of a department took part.
type takenRow struct {
	Name     string
	Answered string
	Share    int // per cent, for the bar; the text says the same
	HasShare bool
	Warnings []string
	Reason   string
}

func (v *resultsView) taken() []takenRow {
	rows := []takenRow{v.takenRow(v.everyone(), v.res.TakenAll)}
	for _, i := range v.order {
		rows = append(rows, v.takenRow(unitName(v.res.Units[i]), v.res.Taken[i]))
	}
	return rows
}

func (v *resultsView) takenRow(name string, p analytics.Presence) takenRow {
	row := takenRow{Name: name, Answered: v.answered(p), HasShare: p.HasRate, Share: int(stats.Whole(100 * p.Rate)), Warnings: v.warnings(p)}
	if !p.Shown() {
		row.Reason = v.hidden(p.Reason)
	}
	return row
}

// resultTable is a table of measures with a number: one measure by group, or several of one group.
type resultTable struct {
	*speech
	ID          string
	Title       string
	Note        string
	First       string // heading of the first column
	Recommends  bool   // its figures are recommend scores
	OfQuestions bool   // a row is a question, not a group
	Rows        []resultRow
}

type resultRow struct {
	trendRow
	Href         string
	Favourable   string
	Favoured     verdict // how the favourable share moved since the wave before; without text, nothing can be said
	Unfavourable string
}

// Moved reports whether the table says of any favourable share how it moved.
func (t resultTable) Moved() bool {
	return slices.ContainsFunc(t.Rows, func(row resultRow) bool { return row.Favoured.Text != "" })
}

// told is a group as the pages tell it: of a recommend question by its score.
func told(m *analytics.Measured, g analytics.Group) analytics.Group {
	if recommends(m) {
		return g.ByScore()
	}
	return g
}

func recommends(m *analytics.Measured) bool {
	return m.Question != nil && m.Question.Kind == surveys.Recommend
}

// resultRow is what a group says of a measure with a number.
func (v *resultsView) resultRow(m *analytics.Measured, name string, t analytics.Told) resultRow {
	row := resultRow{trendRow: v.row(name, told(m, t.Group), recommends(m))}
	if sides, ok := t.Sides(); ok {
		row.Favourable, row.Unfavourable = v.share(sides.Favourable), v.share(sides.Unfavourable)
		row.Favoured = v.favoured(t.Favoured)
		row.SinceLast, row.Verdicts = v.changed(m, t.Change)
		row.trendRow.Smallest = v.smallest(t.Change)
	}
	return row
}

// recommendClass is the place of a score of -100 to 100 among the nine colours.
func recommendClass(r *analytics.Recommend) int { return chart.Class(50 + r.Score/2) }

// recommended is a recommend score with its interval and number of answers.
func (v *resultsView) recommended(g analytics.Group) string {
	r := g.Recommend
	return v.count("results_recommended", g.N, "Score", v.say("results_recommend_range", "Score", signed(r.Score), "Low", signed(r.Low), "High", signed(r.High)))
}

// unitTable is one measure by group.
func (v *resultsView) unitTable(m *analytics.Measured, id string) resultTable {
	t := resultTable{speech: v.speech, ID: id, Title: v.title(m), First: v.say("results_by_" + string(v.res.Ask.By))}
	t.Recommends = recommends(m)
	t.Note = strings.TrimSpace(v.compared(m) + " " + v.reliability(m))
	t.Rows = append(t.Rows, v.resultRow(m, v.everyone(), m.Total))
	t.Rows[0].Warnings = v.warnings(v.res.TakenAll)
	for _, i := range v.order {
		row := v.resultRow(m, unitName(v.res.Units[i]), m.Units[i])
		row.Warnings = v.warnings(v.res.Taken[i])
		t.Rows = append(t.Rows, row)
	}
	return t
}

// scaleTable is all scale questions of the whole group.
func (v *resultsView) scaleTable() resultTable {
	t := resultTable{speech: v.speech, OfQuestions: true, ID: "answers-table", Title: v.say("results_scales"), First: v.say("results_question")}
	for _, m := range v.scales() {
		row := v.resultRow(m, v.labelled(m), m.Total)
		row.Href = v.address("/questions/" + m.Question.ID)
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v *resultsView) scales() (list []*analytics.Measured) {
	for i := range v.res.Measures {
		if m := &v.res.Measures[i]; m.Question != nil && m.Question.Kind == surveys.Scale {
			list = append(list, m)
		}
	}
	return list
}

// recommendLine is what everyone says of recommending.
type recommendLine struct {
	Title, Href, Score, Detail, Reason string
}

func (v *resultsView) recommendLine(m *analytics.Measured) recommendLine {
	line := recommendLine{Title: v.title(m), Href: v.address("/questions/" + m.Question.ID)}
	r := m.Total.Recommend
	if r == nil {
		_, line.Reason = v.hiddenCell(told(m, m.Total.Group))
		return line
	}
	line.Score, line.Detail = signed(r.Score), v.recommendDetail(m.Total.Group)
	return line
}

// recommendDetail is a recommend score's interval and what it comes from.
func (v *resultsView) recommendDetail(g analytics.Group) string {
	sides, _ := g.Sides()
	r := g.Recommend
	return v.count("results_recommend_detail", g.N, "Range", v.say("trend_range", "Low", signed(r.Low), "High", signed(r.High)),
		"Favourable", v.Percent(sides.Favourable.Percent/100), "Unfavourable", v.Percent(sides.Unfavourable.Percent/100))
}

// optionTable is a choice or ranking as the whole group answered it.
type optionTable struct {
	*speech
	ID      string
	Title   string
	Href    string
	Note    string
	Ranking bool
	Reason  string // why nothing is shown
	Rows    []optionRow
}

type optionRow struct {
	Name      string
	Width     string // per cent, of the bar
	Share     string
	Place     string // of a ranking: the mean place
	SinceLast string
	Verdicts  []verdict
}

func (v *resultsView) optionTable(m *analytics.Measured, id string) optionTable {
	t := v.optionsOf(m, m.Total, id)
	t.Href = v.address("/questions/" + m.Question.ID)
	return t
}

// optionsOf is a choice or ranking as a group answered it.
func (v *resultsView) optionsOf(m *analytics.Measured, told analytics.Told, id string) optionTable {
	t := optionTable{speech: v.speech, ID: id, Title: v.title(m), Ranking: m.Question.Kind == surveys.Ranking}
	if !told.Shown() {
		_, t.Reason = v.hiddenCell(told.Group)
		return t
	}
	key := map[surveys.Kind]string{surveys.Choice: "results_choice", surveys.Choices: "results_choices", surveys.Ranking: "results_ranking"}[m.Question.Kind]
	t.Note = v.count(key, told.N) + " " + v.compared(m)
	for _, o := range told.Options {
		row := optionRow{Name: v.optionName(m.Question, o.ID), Width: fmt.Sprintf("%.1f", o.Share.Percent), Share: v.share(o.Share), Place: v.place(o.Rank)}
		row.SinceLast, row.Verdicts = v.changed(m, o.Change)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// place writes a mean place with its interval: "1.4 (1.0–2.1)".
func (v *resultsView) place(r *analytics.Rank) string {
	switch {
	case r == nil:
		return ""
	case r.HasInterval:
		return v.say("results_place", "Place", v.Decimal(r.Mean, 1), "Range", v.Decimal(r.Low, 1)+"–"+v.Decimal(r.High, 1))
	}
	return v.Decimal(r.Mean, 1)
}
