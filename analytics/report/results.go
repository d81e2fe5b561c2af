package report

import (
	"io"
	"strconv"
	"strings"
	"time"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// resultColumns are the columns of a file of results. They are for programs, and the same in every language.
var resultColumns = [...]string{
	"wave_id", "wave", "opened", "closed", "survey_id", "survey", "by", "group", "kind", "measure",
	"n", "headcount", "asked", "rate",
	"mean", "sd", "low", "high", "favourable", "favourable_low", "favourable_high", "neutral", "unfavourable",
	"recommend", "recommend_low", "recommend_high",
	"count", "percent", "percent_low", "percent_high", "rank", "rank_low", "rank_high",
	"before", "change", "change_low", "change_high", "p", "verdict", "smallest_change",
	"favourable_change", "favourable_change_low", "favourable_change_high", "favourable_p", "favourable_verdict",
	"reliability", "reliability_n", "correlation", "correlation_low", "correlation_high",
	"shown", "reason", "mean_from", "mean_to", "favourable_over", "favourable_under",
	"few_answered", "band_off", "band_off_answered", "band_off_asked",
}

// Results writes results as CSV, a row for each group, measure and wave, one for each answer to a question, and one for
// each statement that may be told to go with a construct, and two for each department on which a wave tried two texts: UTF-8,
// CR LF, a header row; numbers with a point and as many digits as it takes to read the same number back, days as
// 2026-03-31, yes and no as TRUE and FALSE. An empty cell means that there is no such figure or that it may not be told;
// where shown is FALSE, reason says why. Where everybody in a group answered alike it is shown, but only as bounds:
// mean_from to mean_to, and favourable_over or favourable_under. few_answered is TRUE where fewer than 60 % of the group answered,
// and band_off names the band that answered more or less than its share by over ten points, with both shares.
func Results(g *Gathered, zone *time.Location, w io.Writer) (Summary, error) {
	summary := Summary{unit: "figure"}
	out := newCSVWriter(w)
	if err := out.row(resultColumns[:]); err != nil {
		return summary, err
	}
	for f := range g.all() {
		summary.Rows++
		if err := out.row(texts(f.cells(zone))); err != nil {
			return summary, err
		}
	}
	return summary, out.flush()
}

// day is a date without a time.
type day time.Time

func dayOf(t time.Time, zone *time.Location) any {
	if t.IsZero() {
		return nil
	}
	y, m, d := t.In(zone).Date()
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// texts writes cells as CSV does.
func texts(cells []any) []string {
	list := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case string:
			list[i] = guarded(c)
		case int:
			list[i] = strconv.Itoa(c)
		case float64:
			list[i] = strconv.FormatFloat(c, 'f', -1, 64)
		case bool:
			list[i] = strings.ToUpper(strconv.FormatBool(c)) // as R and pandas read it
		case day:
			list[i] = time.Time(c).Format(time.DateOnly)
		}
	}
	return list
}

// cells are those of one row, in the order of resultColumns. What may not be told is nil.
func (f figure) cells(zone *time.Location) []any {
	w := f.res.Wave
	row := []any{int(w.ID), w.Label, dayOf(w.Opened, zone), dayOf(w.Closed, zone), int(w.Survey), w.Questionnaire.Document.Title,
		f.by, f.group(), f.kind, f.measure()}
	row = append(row, f.people()...)
	row = append(row, f.scores()...)
	row = append(row, f.answered()...)
	row = append(row, f.moved()...)
	row = append(row, f.disclosed()...)
	return append(row, f.warnings()...)
}

// whenTold is a figure, or nothing where there is none.
func whenTold[T any](told bool, value T) any {
	if told {
		return value
	}
	return nil
}

// people are n, headcount, asked and rate.
func (f figure) people() []any {
	row := []any{whenTold(f.told.Level != disclosure.Hidden, f.told.N), whenTold(f.told.Headcount > 0, f.told.Headcount), nil, nil}
	if p := f.presence; p != nil {
		row[2], row[3] = whenTold(p.Asked > 0, p.Asked), whenTold(p.HasRate, p.Rate)
	}
	return row
}

// warnings are few_answered to band_off_asked: of who took part, beside every figure that tells anything.
func (f figure) warnings() []any {
	row := make([]any, 4)
	if f.told.Level == disclosure.Hidden {
		return row
	}
	row[0] = f.taken.Few
	if s := f.taken.Skew; s != nil {
		row[1], row[2], row[3] = s.Band.Name, s.Answered, s.Asked
	}
	return row
}

// scores are mean to recommend_high.
func (f figure) scores() []any {
	row := make([]any, 12)
	g := f.told.Group
	sides, ok := g.Sides()
	if f.kind == answer || f.kind == participation || !ok {
		return row
	}
	row[0] = g.Mean
	row[1] = whenTold(g.HasSD, g.SD)
	row[2], row[3] = whenTold(g.HasInterval, g.Low), whenTold(g.HasInterval, g.High)
	row[4] = g.Favourable
	row[5], row[6] = whenTold(sides.Favourable.HasInterval, sides.Favourable.Low), whenTold(sides.Favourable.HasInterval, sides.Favourable.High)
	row[7], row[8] = sides.Neutral.Percent, sides.Unfavourable.Percent
	if r := g.Recommend; r != nil {
		row[9], row[10], row[11] = r.Score, r.Low, r.High
	}
	return row
}

// answered are count to rank_high.
func (f figure) answered() []any {
	row := make([]any, 7)
	if f.kind != answer {
		return row
	}
	row[0], row[1] = f.share.Count, f.share.Percent
	row[2], row[3] = whenTold(f.share.HasInterval, f.share.Low), whenTold(f.share.HasInterval, f.share.High)
	if f.option != nil && f.option.Rank != nil {
		r := f.option.Rank
		row[4], row[5], row[6] = r.Mean, whenTold(r.HasInterval, r.Low), whenTold(r.HasInterval, r.High)
	}
	return row
}

// moved are before to favourable_verdict.
func (f figure) moved() []any {
	row := make([]any, 12)
	if f.trial != nil {
		return f.tried(row)
	}
	if f.measured == nil || f.kind == driver {
		return row
	}
	if f.res.Before != nil && f.measured.Comparison == analytics.Compared {
		row[0] = f.res.Before.Label
	}
	if f.kind == answer {
		if f.option != nil {
			copy(row[1:], judged(f.option.Change, f.measured))
		}
		return row
	}
	change := f.told.Change
	copy(row[1:], judged(change, f.measured))
	row[6] = whenTold(change.Smallest > 0, change.Smallest)
	copy(row[7:], judged(f.told.Favoured, f.measured))
	return row
}

// tried are, of the second of two texts, how it differs from the first.
func (f figure) tried(row []any) []any {
	c := f.trial.Between
	if f.variant != surveys.VariantB || !f.trial.Told() {
		return row
	}
	if c.Verdict != stats.NotComparable {
		row[1], row[2], row[3], row[4] = c.Difference, c.Low, c.High, c.P
	}
	row[5], row[6] = c.Verdict.String(), whenTold(c.Smallest > 0, c.Smallest)
	return row
}

// judged are a difference, its interval, p and the verdict.
func judged(c analytics.Change, of *analytics.Measured) []any {
	row := make([]any, 5)
	if c.Verdict != stats.NotComparable {
		row[0], row[1], row[2], row[3] = c.Difference, c.Low, c.High, c.P
	}
	row[4] = verdict(c, of)
	return row
}

// disclosed are reliability to favourable_under.
func (f figure) disclosed() []any {
	row := make([]any, 11)
	if f.by == byOrganisation && f.kind == construct && f.measured.Reliability != nil {
		row[0], row[1] = f.measured.Reliability.Value, f.measured.Reliability.Persons
	}
	if d := f.driver; d != nil {
		row[2], row[3], row[4] = d.Coefficient, whenTold(d.HasInterval, d.Low), whenTold(d.HasInterval, d.High)
	}
	row[5] = f.told.Level != disclosure.Hidden
	if f.told.Level == disclosure.Hidden {
		row[6] = string(f.told.Reason)
	}
	c := f.told.Coarse
	if c == nil || f.kind == participation {
		return row
	}
	row[7], row[8] = whenTold(f.told.Scored, c.MeanLow), whenTold(f.told.Scored, c.MeanHigh)
	row[9] = whenTold(c.HasShare && c.Share.Side == disclosure.MoreThan, c.Share.Percent)
	row[10] = whenTold(c.HasShare && c.Share.Side != disclosure.MoreThan, c.Share.Percent)
	return row
}
