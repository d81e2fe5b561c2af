package report_test

import (
	"bytes"
	"testing"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/report"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// The file of a comparison, to the letter: numbers as they are, names that a spreadsheet could run disarmed, no figure of
// what is left out, and no result where there is none.
func TestTheFileOfVisitsIsToTheLetter(t *testing.T) {
	wave := func(id surveys.WaveID) analytics.Wave { return analytics.Wave{Wave: surveys.Wave{ID: id}} }
	group := func(n int, mean, sd float64) analytics.Group {
		return analytics.Group{Level: disclosure.Shown, N: n, Mean: mean, SD: sd, HasSD: true, Scored: true}
	}
	e := &analytics.VisitEffect{
		Ask: analytics.EffectQuery{Survey: 3, Construct: "openness"}, State: analytics.Comparing, Before: wave(7), After: wave(9), From: "2026-01-03", Until: "2026-01-21",
		Rows: []analytics.EffectRow{
			{Department: surveys.Department{Name: "=HYPERLINK(1)"}, Visits: 2, Before: group(12, 50.25, 10), After: group(11, 61, 12.5), Change: 10.75,
				Took: [2]analytics.Presence{{Few: true}, {Skew: &analytics.Skew{Band: surveys.Band{Name: "Managers"}, Answered: 75, Asked: 50}}}},
			{Department: surveys.Department{Name: `Law, "Tax"`}, Before: group(6, 60, 5), After: group(5, 58.125, 4), Change: -1.875},
		},
		LeftOut: []analytics.LeftOut{
			{Department: surveys.Department{Name: "Small"}, Visits: 1, Why: analytics.HiddenThere, Wave: wave(9), Reason: disclosure.TooFew},
			{Department: surveys.Department{Name: "Met late"}, Why: analytics.VisitedDuring},
		},
		Contrast: stats.Contrast{Test: stats.Test{Difference: 12.625, DF: 4.5, P: 0.03125, Low: 1.5, High: 23.75}, Basis: stats.Across, Smallest: 11.125},
		Verdict:  stats.ClearlyUp,
	}
	const head = "survey_id,measure,before,after,first_day,last_day,kind,department,visited,visits,n_before,mean_before,sd_before,n_after,mean_after,sd_after,change,change_low,change_high,df,p,verdict,smallest_change,basis,reason,few_answered_before,band_off_before,few_answered_after,band_off_after\r\n"
	const of = "3,openness,7,9,2026-01-03,2026-01-21,"
	want := head +
		of + "department,'=HYPERLINK(1),TRUE,2,12,50.25,10,11,61,12.5,10.75,,,,,,,,,TRUE,,FALSE,Managers\r\n" +
		of + "department,\"Law, \"\"Tax\"\"\",FALSE,0,6,60,5,5,58.125,4,-1.875,,,,,,,,,FALSE,,FALSE,\r\n" +
		of + "left_out,Small,,1,,,,,,,,,,,,,,," + string(disclosure.TooFew) + " (wave 9),,,,\r\n" +
		of + "left_out,Met late,,0,,,,,,,,,,,,,,,visited only while a wave was open,,,,\r\n"
	const result = of + "difference,,,,,,,,,,12.625,1.5,23.75,4.5,0.03125,clearly_up,11.125,departments,,,,,\r\n"
	for verdict, want := range map[stats.Verdict]string{stats.ClearlyUp: want + result, stats.NotComparable: want} {
		e.Verdict = verdict
		var out bytes.Buffer
		summary, err := report.VisitEffect(e, &out)
		if err != nil || out.String() != want || summary.String() != "2 departments" {
			t.Errorf("%v, %s:\n%s\nwant\n%s", err, summary, out.String(), want)
		}
	}
}
