package web

import (
	"encoding/csv"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// compareEffects holds departments visited between two waves against the others: the page, the file and the API say the
// same. It takes part in the test of the results' pages over the demo.
func (o *office) compareEffects(cookie, token string) (compared int) {
	o.t.Helper()
	t := o.t.(*testing.T)
	differences := 0
	for _, query := range []string{"", "?survey=1&before=1&after=15", "?survey=2", "?survey=1&before=3&after=5"} {
		var answer apiEffect
		o.ask(token, "/visits/effect"+query, &answer)
		page := o.as(cookie, "/visits/effect"+query)
		file := o.as(cookie, "/visits/effect/effect.csv"+query)
		records, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
		if err != nil || file.status != http.StatusOK || page.status != http.StatusOK || answer.Before == nil {
			t.Fatalf("%s: statuses %d and %d, %v\n%s", query, page.status, file.status, err, page.body)
		}
		at := map[string]int{}
		for i, name := range records[0] {
			at[name] = i
		}
		same := func(row []string, column string, want float64) {
			compared++
			if got, err := strconv.ParseFloat(row[at[column]], 64); err != nil || got != want {
				t.Errorf("%s: %s of %q is %q in the file, %v in the API", query, column, row[at["department"]], row[at[column]], want)
			}
		}
		told := map[string]string{} // what the page says, by the name of the row
		for _, row := range tableOf(t, page.body, "moves")[1:] {
			told[row[0]] = strings.Join(row[1:], "|")
		}
		for i, d := range answer.Departments {
			row := records[1+i]
			for column, want := range map[string]float64{"visits": float64(d.Visits), "n_before": float64(*d.Before.N), "mean_before": *d.Before.Mean, "sd_before": *d.Before.SD,
				"n_after": float64(*d.After.N), "mean_after": *d.After.Mean, "sd_after": *d.After.SD, "change": d.Change, "before": float64(answer.Before.ID)} {
				same(row, column, want)
			}
			cell := func(g apiGroup) string {
				return fmt.Sprintf("%s %s–%s, %d", rounded(*g.Mean), rounded(*g.Low), rounded(*g.High), *g.N) + g.marks()
			}
			if want := fmt.Sprintf("%d|%s|%s|%s", d.Visits, cell(d.Before), cell(d.After), signed(*d.After.Mean-*d.Before.Mean)); row[at["department"]] != d.Department || row[at["visited"]] != strings.ToUpper(strconv.FormatBool(d.Visited)) || told[d.Department] != want {
				t.Errorf("%s: the page says %q of %s, the API %q, the file %q", query, told[d.Department], d.Department, want, row)
			}
		}
		left := records[1+len(answer.Departments):]
		for i, l := range answer.LeftOut {
			if left[i][at["kind"]] != "left_out" || left[i][at["department"]] != l.Department || left[i][at["reason"]] == "" || left[i][at["mean_before"]]+left[i][at["n_after"]]+left[i][at["change"]] != "" || !strings.Contains(page.body, "<li>"+l.Department+": ") || told[l.Department] != "" {
				t.Errorf("%s: %s is left out: %q", query, l.Department, left[i])
			}
		}
		left = left[len(answer.LeftOut):]
		d := answer.Difference
		if d == nil {
			if len(left) != 0 || told["Visited less not visited"] != "" {
				t.Errorf("%s: there is no difference, and %q", query, left)
			}
			continue
		}
		differences++
		for column, want := range map[string]float64{"change": d.Difference, "change_low": d.Low, "change_high": d.High, "df": d.DF, "p": d.P, "smallest_change": d.Smallest} {
			same(left[0], column, want)
		}
		verdict := map[string]string{"no_clear_change": "no clear difference", "clearly_up": "visited gained clearly", "clearly_down": "visited fell clearly back"}[d.Verdict.String()]
		if want := fmt.Sprintf("%s|%s (%s to %s)", verdict, signed(d.Difference), signed(d.Low), signed(d.High)); told["Visited less not visited"] != want || left[0][at["verdict"]] != d.Verdict.String() || left[0][at["basis"]] != string(d.Basis) || math.Abs(d.Visited-d.Others-d.Difference) > 1e-9 {
			t.Errorf("%s: the page says %q, the API %q, the file %q", query, told["Visited less not visited"], want, left[0])
		}
		o.mustHold(page.body, "What this cannot prove", "Visits are not drawn by lot.", "it does not show that they caused it")
	}
	if differences < 2 {
		t.Errorf("%d comparisons come to something", differences)
	}
	o.comparePartly(cookie)
	return compared
}

// comparePartly looks at the comparison as somebody who may see one department, and in German.
func (o *office) comparePartly(cookie string) {
	o.t.Helper()
	limited, _ := o.member(accounts.Analyst, 4) // Finance
	page, whole := o.as(limited, "/visits/effect").body, o.as(cookie, "/visits/effect").body
	file := o.as(limited, "/visits/effect/effect.csv").body
	o.mustHold(whole, "Sales", "moved by ")
	o.mustHold(page, "Finance", "their moves differ by", "Your account shows some departments only.", "Visited: 3 departments")
	o.mustHold(file, "department,Finance,TRUE,1,", ",difference,")
	for _, text := range []string{page, file, o.as(limited, "/visits/effect/chart.json").body} {
		for _, other := range []string{"Sales", "Customer Service", "Legal", "Human Resources"} {
			if strings.Contains(text, other) {
				o.t.Errorf("somebody limited to Finance reads of %s", other)
			}
		}
	}
	o.mustHold(o.as(cookie, "/visits/effect?before=15").body, "There is no second wave to compare with the one you chose", "has to be the earlier one")
	o.mustHold(o.german(cookie, "/visits/effect"), "Besuchte Abteilungen", "Was das nicht beweisen kann", "Besuche werden nicht ausgelost.", "Besucht: 3 Abteilungen", "Das Intervall beruht auf")
	for _, ending := range []string{"json", "svg"} {
		if r := o.as(cookie, "/visits/effect/chart."+ending); r.status != http.StatusOK || !strings.Contains(r.body, "Human Resources") || !strings.Contains(r.body, "Not visited: 4 departments") {
			o.t.Errorf("the chart as %s: status %d\n%.300s", ending, r.status, r.body)
		}
	}
	recorded := strings.Join(o.entries(), "\n")
	if want := "viewer@example.org||results.export|survey 1, waves 13 and 15|ok|0.0.0.0"; !strings.Contains(recorded, want) {
		o.t.Errorf("%q is not recorded:\n%s", want, recorded)
	}
}

// Before there is anything to compare, and where two waves cannot be, the page says so and leads on.
func TestTheComparisonOfVisitsSaysWhatIsMissing(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	viewer, _ := o.member(accounts.Viewer)
	token := o.bearer(accounts.Viewer)
	var answer map[string]any
	o.mustHold(o.as(viewer, "/visits/effect").body, "There are no two waves to compare yet", "Two closed waves are needed", `href="/waves"`, "What this cannot prove")
	if o.ask(token, "/visits/effect", &answer); answer["before"] != nil || answer["difference"] != nil {
		t.Errorf("without waves the API says %v", answer)
	}
	first := o.answered(11, 8)
	o.mustHold(o.as(viewer, "/visits/effect").body, "There are no two waves to compare yet")
	o.clock.add(24 * 60 * time.Minute)
	second := o.answered(12, 9)
	waves := fmt.Sprintf("?survey=%d&before=%d&after=%d", first.Survey, first.ID, second.ID)
	cookie, _ := o.member(accounts.Author)
	o.mustHold(o.as(cookie, "/visits/effect"+waves).body, "No day lies between")
	o.clock.add(10 * 24 * time.Hour)
	third := o.answered(12, 9)
	o.clock.add(24 * time.Hour)
	cookie, csrf := o.again(accounts.Author)
	waves = fmt.Sprintf("?survey=%d&before=%d&after=%d", first.Survey, second.ID, third.ID)
	o.mustHold(o.as(cookie, "/visits/effect"+waves).body, "was visited between")
	form := errand(csrf)
	form.Set("state", "done")
	form.Set("day", "2026-03-08")
	o.visited(cookie, form)
	page := o.as(cookie, "/visits/effect").body
	o.mustHold(page, "Too few departments can be compared between", "1 visited department, 1 that was not visited. It takes at least 2 on either side", "Legal &amp; Tax &lt;b&gt;", fmt.Sprintf(`<option value="%d" selected>`, third.ID))
	o.mustHold(o.as(cookie, "/visits").body, `href="/visits/effect"`)
	o.mustHold(o.as(cookie, "/trend").body, fmt.Sprintf(`href="/visits/effect?construct=openness&amp;survey=%d"`, first.Survey))
	for query, want := range map[string]struct {
		page string
		api  int
	}{
		fmt.Sprintf("?survey=%d&before=%d&after=%d", first.Survey, first.ID, first.ID): {"These two waves cannot be compared", http.StatusUnprocessableEntity},
		fmt.Sprintf("?survey=%d&before=99", first.Survey):                              {"Too few departments can be compared", http.StatusUnprocessableEntity},
	} {
		o.mustHold(o.as(cookie, "/visits/effect"+query).body, want.page)
		if r := o.ask(token, "/visits/effect"+query, nil); r.status != want.api {
			t.Errorf("%s: the API answers %d\n%s", query, r.status, r.body)
		}
	}
	for _, path := range []string{"/visits/effect?before=x", "/visits/effect/effect.csv?survey=x"} {
		if r := o.as(cookie, path); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if r := o.as(cookie, fmt.Sprintf("/visits/effect/effect.csv?survey=%d&before=%d&after=%d", first.Survey, first.ID, first.ID)); r.status != http.StatusNotFound || r.header.Get("Content-Disposition") != "" {
		t.Errorf("a file of one wave: status %d", r.status)
	}
	if r := o.as(cookie, "/visits/effect/chart.svg?survey=99"); r.status != http.StatusNotFound {
		t.Errorf("a chart of nothing: status %d", r.status)
	}
}

// A clear difference is said as one between the sides: the visited may have fallen and still have gained on the others.
func TestTheComparisonOfVisitsIsSaidAsWhatItIs(t *testing.T) {
	wave := func(label string) analytics.Wave { return analytics.Wave{Wave: surveys.Wave{Label: label}} }
	for _, c := range []struct {
		construct string
		verdict   stats.Verdict
		class     string
		en, de    string
	}{
		{surveys.Openness, stats.ClearlyUp, "up", "Visited departments gained clearly on the others in openness between March and June.", "Besuchte Abteilungen haben zwischen March und June gegenüber den anderen deutlich an Offenheit gewonnen."},
		{surveys.Openness, stats.ClearlyDown, "down", "Visited departments fell clearly back against the others in openness between March and June.", "Besuchte Abteilungen haben zwischen March und June gegenüber den anderen deutlich an Offenheit verloren."},
		{"trust", stats.ClearlyUp, "up", "Visited departments gained clearly on the others in “trust” between March and June.", "Besuchte Abteilungen haben zwischen March und June bei „trust“ gegenüber den anderen deutlich gewonnen."},
		{"trust", stats.NoClearChange, "", "Visited departments did not move clearly differently from the others in “trust” between March and June.", "Besuchte Abteilungen haben sich zwischen March und June bei „trust“ nicht deutlich anders bewegt als die anderen."},
	} {
		e := &analytics.VisitEffect{Ask: analytics.EffectQuery{Construct: c.construct}, State: analytics.Comparing, Before: wave("March"), After: wave("June"), From: "2026-04-01", Until: "2026-05-31",
			Visited: 3, Others: 2, Verdict: c.verdict, Sides: &analytics.EffectSides{},
			Contrast: stats.Contrast{Test: stats.Test{Difference: -8.4, Low: -12, High: -4.6, P: 0.0004}, Own: -10.4, Others: -2, Basis: stats.Across}}
		for lang, want := range map[string]string{"en": c.en, "de": c.de} {
			v := &effectView{phrases: *staffSpeech(t, lang), effect: e}
			parts := v.headline()
			if got := headlineText(parts); got != want || parts[1].Class != c.class || v.err != nil {
				t.Errorf("%q (%s), want %q, %v", got, parts[1].Class, want, v.err)
			}
		}
		v := &effectView{phrases: *staffSpeech(t, "en"), effect: e}
		if want := "3 visited departments moved by −10 points on average, 2 that were not visited by −2: a difference of −8 points (95\u00a0% interval −12 to −5)."; !strings.HasPrefix(v.lead(), want) {
			t.Errorf("the figures are said as %q", v.lead())
		}
		if basis := v.table().Basis; !strings.Contains(basis, "how differently departments moved (p < 0.001)") {
			t.Errorf("the interval is said to rest on %q", basis)
		}
	}
}
