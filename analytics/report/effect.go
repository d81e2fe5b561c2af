package report

import (
	"io"
	"strconv"

	"soundings/analytics"
	"soundings/analytics/stats"
)

// effectColumns are the columns of a file of departments visited and not visited; the same in every language.
var effectColumns = [...]string{
	"survey_id", "measure", "before", "after", "first_day", "last_day", "kind", "department", "visited", "visits",
	"n_before", "mean_before", "sd_before", "n_after", "mean_after", "sd_after",
	"change", "change_low", "change_high", "df", "p", "verdict", "smallest_change", "basis", "reason",
	"few_answered_before", "band_off_before", "few_answered_after", "band_off_after",
}

// What a row is of.
const (
	comparedKind = "department" // it is on one of the sides
	leftOutKind  = "left_out"   // it is on neither, for a reason
	resultKind   = "difference" // how much more the visited moved
)

// VisitEffect writes a comparison as CSV, as its page shows it: a row for each department that is compared, one for each
// that is left out, and last what the comparison comes to, if it can be made. change is the mean after less the mean
// before; of the result, the mean of change over the visited less that over the others, each department counting the same.
// before and after are ids of waves, first_day to last_day the days that a visit counts on. few_answered and band_off are about who
// answered, as in Results. The form is that of Results.
func VisitEffect(e *analytics.VisitEffect, w io.Writer) (Summary, error) {
	summary := Summary{unit: "department"}
	out := newCSVWriter(w)
	if err := out.row(effectColumns[:]); err != nil {
		return summary, err
	}
	add := func(kind string, cells ...any) error {
		row := []any{int(e.Ask.Survey), e.Ask.Construct, int(e.Before.ID), int(e.After.ID), string(e.From), string(e.Until), kind}
		row = append(row, cells...)
		return out.row(texts(append(row, make([]any, len(effectColumns)-len(row))...)))
	}
	for _, r := range e.Rows {
		summary.Rows++
		if err := add(comparedKind, r.Department.Name, r.Visited(), r.Visits, r.Before.N, r.Before.Mean, r.Before.SD, r.After.N, r.After.Mean, r.After.SD, r.Change, nil, nil, nil, nil, nil, nil, nil, nil,
			r.Took[0].Few, bandOff(r.Took[0]), r.Took[1].Few, bandOff(r.Took[1])); err != nil {
			return summary, err
		}
	}
	for _, l := range e.LeftOut {
		row := make([]any, len(effectColumns)-7)
		row[0], row[2], row[17] = l.Department.Name, l.Visits, leftOutBecause(l)
		if err := add(leftOutKind, row...); err != nil {
			return summary, err
		}
	}
	if e.Verdict == stats.NotComparable {
		return summary, out.flush()
	}
	row, c := make([]any, 10), e.Contrast
	row[9] = c.Difference
	if err := add(resultKind, append(row, c.Low, c.High, c.DF, c.P, e.Verdict.String(), c.Smallest, string(c.Basis))...); err != nil {
		return summary, err
	}
	return summary, out.flush()
}

// bandOff names the band that answered more or less than its share.
func bandOff(taken analytics.Presence) any {
	if taken.Skew == nil {
		return nil
	}
	return taken.Skew.Band.Name
}

func leftOutBecause(l analytics.LeftOut) string {
	switch l.Why {
	case analytics.HiddenThere:
		return string(l.Reason) + " (wave " + strconv.FormatInt(int64(l.Wave.ID), 10) + ")"
	case analytics.AlikeThere:
		return "everyone answered alike (wave " + strconv.FormatInt(int64(l.Wave.ID), 10) + ")"
	case analytics.VisitedDuring:
		return "visited only while a wave was open"
	}
	return "one person answered a wave"
}
