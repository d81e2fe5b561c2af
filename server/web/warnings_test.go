package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/people"
)

const fewWarning = "Fewer than 60\u00A0% answered; they may not speak for the others."

// compareWarnings goes to every place where a figure of a department stands that carries a warning about who answered, of one
// department that has it and one that has not: as the API tells, so do the pages. It takes part in the test of the results'
// pages over the demo, which compares the files.
func (o *office) compareWarnings(cookie, token string, wave int) (compared int) {
	o.t.Helper()
	t := o.t.(*testing.T)
	var results struct{ Groups []apiGroup }
	o.ask(token, fmt.Sprintf("/results/waves/%d", wave), &results)
	var trend apiTrendBody
	o.ask(token, "/results/trend?survey=1", &trend)
	has := map[string]bool{}
	for _, g := range results.Groups {
		has[g.name()] = g.FewAnswered
	}
	if !has["Operations"] || has["Marketing"] {
		t.Fatalf("few answered: %v", has)
	}
	for _, line := range trend.Series {
		if last := line.Points[len(line.Points)-1]; last.FewAnswered != has[line.Department] {
			t.Errorf("%s: the trend of the API warns %v, the wave %v", line.Department, last.FewAnswered, has[line.Department])
		}
	}
	page := o.as(cookie, "/trend?survey=1").body
	stands, history := tableOf(t, page, "stands"), tableOf(t, page, "history")
	list, err := people.Departments(t.Context(), o.Store)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Operations", "Marketing"} {
		id := list[slices.IndexFunc(list, func(d surveys.Department) bool { return d.Name == name })].ID
		told := map[string]string{
			"where it stands": strings.Join(rowNamed(stands, name), "|"), "wave by wave": rowNamed(history, name)[len(history[0])-1],
			"departments": o.as(cookie, fmt.Sprintf("/departments?survey=1&find=%s", name)).body,
			"comparison":  o.as(cookie, fmt.Sprintf("/compare?wave=%d&group=department-%d", wave, id)).body,
			"rates":       sectionOf(t, o.as(cookie, "/").body, `<span class="rate-name">`+name, "</li>"),
			"small chart": sectionOf(t, o.as(cookie, "/trend/chart.json?survey=1&view=small").body, `"`+name+"  ", `"`),
		}
		for place, text := range told {
			compared++
			if warns := strings.Contains(text, "⚠"); warns != has[name] {
				t.Errorf("%s, %s: warns %v, want %v\n%s", name, place, warns, has[name], text)
			}
		}
		for place, text := range map[string]string{"profile": o.as(cookie, fmt.Sprintf("/departments/%d", id)).body, "comparison": told["comparison"]} {
			if strings.Contains(text, fewWarning) != has[name] {
				t.Errorf("%s, %s: the words of the warning are not where they belong", name, place)
			}
		}
	}
	return compared
}

// rowNamed is the row of a table that begins with a name.
func rowNamed(table [][]string, name string) []string {
	for _, row := range table {
		if row[0] == name {
			return row
		}
	}
	return []string{""}
}

// sectionOf is what stands in a text from one mark to the next.
func sectionOf(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	if !ok {
		t.Fatalf("%q is not there", from)
	}
	section, _, _ := strings.Cut(rest, to)
	return section
}
