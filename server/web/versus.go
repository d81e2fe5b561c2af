package web

import (
	"slices"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// versusTable holds two groups against each other, measure by measure.
type versusTable struct {
	*speech
	ID, Title, Note string
	A, B            string // what the groups are called
	Rows            []versusRow
	Hidden          []string // why cells are hidden, each reason once
}

type versusRow struct {
	ID         string
	Name       string
	Href       string
	A, B       versusCell
	Difference string
	Range      string // its interval
	Verdict    verdict
}

// versusCell is a mean with its interval and number, or why there is none.
type versusCell struct {
	Shown                    bool
	Cell                     int
	Mean, Range, Text, Count string
	Reason                   string
	Warnings                 []string // about who answered
}

func (v *resultsView) versusCell(m *analytics.Measured, g analytics.Group) versusCell {
	row := v.row("", told(m, g), recommends(m))
	if !row.Shown {
		text, reason := v.hiddenCell(told(m, g))
		return versusCell{Text: text, Reason: reason}
	}
	cell := versusCell{Shown: true, Cell: row.Cell, Mean: row.Mean, Count: v.count("versus_answers", g.N)}
	switch {
	case row.Interval != nil:
		cell.Range = row.Interval.Text
	case row.Everyone:
		cell.Range = v.say("trend_everyone")
	}
	return cell
}

const versusID = "versus" // of the table on a page

// constructID is where a construct stands on a page with the table.
func constructID(construct string) string { return "construct-" + construct }

// questionID is where a question with a number stands on a page with the table.
func questionID(question string) string { return "question-" + question }

// optionsID is where a question with options stands on a page with the tables.
func optionsID(question string) string { return "options-" + question }

// versusTable lists the constructs and questions with a number.
func (v *resultsView) versusTable(list []analytics.Difference, a, b string) versusTable {
	t := versusTable{speech: v.speech, ID: versusID, A: a, B: b}
	for _, d := range list {
		if d.Measure.Question == nil || d.Measure.Question.Scored() {
			row := v.versusRow(d)
			t.Rows = append(t.Rows, row)
			for _, reason := range []string{row.A.Reason, row.B.Reason} {
				if reason != "" && !slices.Contains(t.Hidden, reason) {
					t.Hidden = append(t.Hidden, reason)
				}
			}
		}
	}
	return t
}

func (v *resultsView) versusRow(d analytics.Difference) versusRow {
	m := d.Measure
	row := versusRow{ID: constructID(m.Construct), Name: v.labelled(m), A: v.versusCell(m, d.A.Group), B: v.versusCell(m, d.B.Group)}
	if m.Question != nil {
		row.ID = questionID(m.Question.ID)
		row.Href = resultsAddress(v.res.Wave.ID, "/questions/"+m.Question.ID, nil)
	}
	row.Difference, row.Range, row.Verdict = v.between(d.Between)
	return row
}

// between writes a difference with its interval, and whether it is clear.
func (p *phrases) between(c analytics.Change) (difference, interval string, judged verdict) {
	if c.Verdict == stats.NotComparable {
		return "", "", verdict{"", p.say("results_not_comparable")}
	}
	return signed(c.Difference), p.say("trend_range", "Low", signed(c.Low), "High", signed(c.High)), verdict{verdictClass(c.Verdict), p.say("versus_" + c.Verdict.String())}
}

// verdictClass is the class that colours a verdict.
func verdictClass(v stats.Verdict) string {
	switch v {
	case stats.ClearlyUp:
		return "up"
	case stats.ClearlyDown:
		return "down"
	}
	return ""
}

// versusOptions is a choice or ranking as two groups answered it.
type versusOptions struct {
	*speech
	ID, Title, Note string
	A, B            string
	Reason          string // why the first group's answers are not shown
	ReasonB         string // why the second's are not
	Rows            []versusOption
}

type versusOption struct {
	Name       string
	Width      string // per cent, of the first group's bar
	A, B       string
	Difference string
	Verdict    verdict
}

func (v *resultsView) versusOptions(list []analytics.Difference, a, b string) (tables []versusOptions) {
	for _, d := range list {
		m := d.Measure
		if m.Question == nil || m.Question.Scored() {
			continue
		}
		t := versusOptions{speech: v.speech, ID: optionsID(m.Question.ID), Title: v.title(m), A: a, B: b}
		if !d.A.Shown() {
			_, t.Reason = v.hiddenCell(d.A.Group)
			tables = append(tables, t)
			continue
		}
		if !d.B.Shown() {
			_, t.ReasonB = v.hiddenCell(d.B.Group)
		}
		key := map[surveys.Kind]string{surveys.Choice: "results_choice", surveys.Choices: "results_choices", surveys.Ranking: "results_ranking"}[m.Question.Kind]
		t.Note = v.count(key, d.A.N)
		for i, o := range d.A.Options {
			row := versusOption{Name: v.optionName(m.Question, o.ID), Width: whole(o.Share.Percent), A: v.share(o.Share)}
			if i < len(d.B.Options) {
				row.B = v.share(d.B.Options[i].Share)
			}
			if i < len(d.Options) {
				row.Difference, _, row.Verdict = v.between(d.Options[i])
			}
			t.Rows = append(t.Rows, row)
		}
		tables = append(tables, t)
	}
	return tables
}
