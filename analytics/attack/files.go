package attack

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strings"

	"soundings/analytics/quotes"
	"soundings/analytics/report"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
)

// writer writes a file about a closed wave.
type writer func(context.Context, *store.Store, *surveys.Questionnaire, surveys.Wave, io.Writer) (report.Summary, error)

// visible is what tells the rows of a file apart, beside what people said.
type visible struct{ department, band string }

// rows reads a file, by column name. There is none of a wave that is open.
func (w Wave) rows(ctx context.Context, write writer) ([]map[string]string, error) {
	if w.State != surveys.Closed {
		return nil, nil
	}
	var file bytes.Buffer
	if _, err := write(ctx, w.Store, w.Questionnaire, w.Wave, &file); err != nil {
		return nil, err
	}
	records, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		return nil, err
	}
	list := make([]map[string]string, 0, len(records))
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		list = append(list, row)
	}
	return list, nil
}

// groups says which people the rows of a file are of. Rows without a department are those of all departments that no row
// names; a department whose rows name no band is all of it.
func (w Wave) groups(rows []map[string]string) map[visible]Group {
	named, byBand := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		named[row["department"]] = true
		if row["band"] != "" {
			byBand[row["department"]] = true
		}
	}
	bands := map[string]surveys.BandID{}
	for _, b := range w.Bands {
		bands[b.Name] = b.ID
	}
	departments := map[string][]surveys.DepartmentID{}
	for _, d := range w.everyDepartment() {
		name := d.Name
		if !named[name] {
			name = ""
		}
		departments[name] = append(departments[name], d.ID)
	}
	groups := map[visible]Group{}
	for _, row := range rows {
		v := visible{row["department"], row["band"]}
		g := Group{Departments: departments[v.department]}
		if byBand[v.department] {
			g.Bands = []surveys.BandID{bands[v.band]}
		}
		groups[v] = g
	}
	return groups
}

// responses is the file of answers, a row for each person. Whoever has the rows of a group has all its sums.
func responses(ctx context.Context, w Wave) (facts []Fact, err error) {
	rows, err := w.rows(ctx, report.Responses)
	if err != nil {
		return nil, err
	}
	doc := w.Questionnaire.Document
	for v, group := range w.groups(rows) {
		counts := map[tally.Measure]int{}
		for _, row := range rows {
			if row["department"] != v.department || row["band"] != v.band {
				continue
			}
			counts[tally.Everyone]++
			given := surveys.Answers{}
			for i := range doc.Questions {
				if q := &doc.Questions[i]; answered(row, q) {
					counts[tally.OfQuestion(q.ID)]++
					given[q.ID] = surveys.Number(1)
				}
			}
			for _, id := range doc.ConstructIDs() {
				if _, ok := doc.ConstructScore(id, given); ok {
					counts[tally.OfConstruct(id)]++
				}
			}
		}
		for _, id := range doc.ConstructIDs() {
			for _, item := range doc.Items(id) {
				if counts[tally.OfQuestion(item.ID)] == 0 {
					delete(counts, tally.OfConstruct(id)) // without one of the items the score does not follow
				}
			}
		}
		for m, n := range counts {
			facts = append(facts, Fact{Exit: "responses", Measure: m, Group: group, N: n})
		}
	}
	return facts, nil
}

// answered reports whether a row tells an answer to a question.
func answered(row map[string]string, q *surveys.Question) bool {
	for column, value := range row {
		if value != "" && (column == q.ID || strings.HasPrefix(column, q.ID+".")) {
			return true
		}
	}
	return false
}

// comments is the file of what people wrote.
func comments(ctx context.Context, w Wave) (facts []Fact, err error) {
	covers := report.Covers{Quotes: quotes.NewReader(w.Store, w.Reader, quotes.Stops{})}
	rows, err := w.rows(ctx, func(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.Wave, out io.Writer) (report.Summary, error) {
		return report.Comments(ctx, s, covers, q, wave, out)
	})
	if err != nil {
		return nil, err
	}
	return w.words("comments", rows), nil
}

// quoted is the page of what people wrote, for somebody who may read every department; others read some of it.
func quoted(ctx context.Context, w Wave) (facts []Fact, err error) {
	ask := quotes.Ask{Survey: w.Survey, Waves: []surveys.WaveID{w.ID}, All: true}
	c, err := quotes.NewReader(w.Store, w.Reader, quotes.Stops{}).Read(ctx, ask)
	if err != nil {
		return nil, err
	}
	names := map[surveys.DepartmentID]string{}
	for _, d := range w.Departments {
		names[d.ID] = d.Name
	}
	var rows []map[string]string
	for _, q := range c.Quotes {
		rows = append(rows, map[string]string{"department": names[q.Group.Department]})
	}
	return w.words("quotes", rows), nil
}

// words says of which people there are texts.
func (w Wave) words(exit string, rows []map[string]string) (facts []Fact) {
	for v, group := range w.groups(rows) {
		n := 0
		for _, row := range rows {
			if row["department"] == v.department && row["band"] == v.band {
				n++
			}
		}
		facts = append(facts, Fact{Exit: exit, Measure: Comments, Group: group, Told: Words, N: n})
	}
	return facts
}
