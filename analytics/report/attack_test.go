package report_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/store/storetest"
)

const attackedSurvey = `
title: Attacked, %d
minimum: %d
questions:
  - {id: a, kind: scale, text: A, construct: openness}
  - {id: b, kind: scale, text: B, construct: openness, reversed: true}
  - {id: c, kind: scale, points: 7, text: C}
  - {id: d, kind: choice, text: D, options: [{id: x, text: X}, {id: y, text: Y}]}
`

// measure is one thing a respondent may count in: the value there, and its side.
type measure struct {
	name  string
	level func(d, b int) disclosure.Level // what the pages tell; all in the place of d or b means their sum
	value func(r respondent) (value string, side surveys.Side, ok bool)
	items []string // the columns that tell it
}

const all = -2

// shape of one made-up wave.
type shape struct {
	departments, bands, most int
	answered                 float64 // share of people who answer a question
	alike                    float64 // share of cells where all answer alike
}

func (h *hall) madeUp(sh shape) []respondent {
	r := h.random
	var list []respondent
	for d := range sh.departments {
		for b := range sh.bands {
			fixed := r.Float64() < sh.alike
			base := 1 + r.IntN(5)
			for range r.IntN(sh.most + 1) {
				value := func() int {
					if fixed {
						return base
					}
					return 1 + r.IntN(5)
				}
				p := respondent{department: d, band: b, answers: surveys.Answers{}}
				for _, id := range []string{"a", "b", "c"} {
					if r.Float64() < sh.answered {
						p.answers[id] = surveys.Number(value())
					}
				}
				if r.Float64() < sh.answered {
					p.answers["d"] = surveys.Picked([]string{"x", "y"}[value()%2])
				}
				list = append(list, p)
			}
		}
	}
	return list
}

// measures are what an attacker can look at. The pages' answers come from the pages' own reader.
func (h *hall) measures(q *surveys.Questionnaire, wave surveys.Wave) []measure {
	reader := analytics.NewReader(h.s, catalog.New(h.s))
	var list []measure
	for _, id := range []string{"a", "b", "c", "d"} {
		question, _ := q.Document.Question(id)
		list = append(list, measure{
			name: id, level: h.levels(reader, analytics.Breakdown{Wave: wave.ID, Question: id}),
			value: func(r respondent) (string, surveys.Side, bool) {
				answer, ok := r.answers[id]
				if !ok || id == "d" {
					return fmt.Sprint(answer.Options), surveys.Neutral, ok
				}
				return strconv.Itoa(answer.Number), question.Side(answer.Number), true
			},
			items: []string{id},
		})
	}
	return append(list, measure{
		name: "openness", level: h.levels(reader, analytics.Breakdown{Wave: wave.ID, Construct: "openness"}),
		value: func(r respondent) (string, surveys.Side, bool) {
			score, ok := q.Document.ConstructScore("openness", r.answers)
			return fmt.Sprint(score), score.Side(), ok
		},
		items: []string{"a", "b"},
	})
}

// levels asks the pages for every group of a measure.
func (h *hall) levels(reader *analytics.Reader, ask analytics.Breakdown) func(d, b int) disclosure.Level {
	h.t.Helper()
	levels := map[[2]int]disclosure.Level{}
	read := func(ask analytics.Breakdown, put func(total disclosure.Level, groups []analytics.Named)) {
		results, err := reader.Results(context.Background(), ask)
		if err != nil {
			h.t.Fatal(err)
		}
		put(results.Total.Level, results.Groups)
	}
	ask.By = analytics.ByDepartment
	for b := all; b < len(h.bands); b++ {
		if b == none {
			continue
		}
		if b != all {
			ask.Band = h.bands[b]
		}
		read(ask, func(total disclosure.Level, groups []analytics.Named) {
			levels[[2]int{all, b}] = total
			for _, g := range groups {
				for d, id := range h.departments {
					if g.Department.ID == id {
						levels[[2]int{d, b}] = g.Level
					}
				}
			}
		})
	}
	return func(d, b int) disclosure.Level { return levels[[2]int{d, b}] }
}

// visible is what tells rows of the file apart, beside their answers.
type visible struct{ department, band string }

func TestFileAndPagesTogetherTellOfNoSmallGroup(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), names("Department", 4), names("Band", 3))
	exported, nameless, partly := 0, 0, 0
	for trial := range 400 {
		k := 3 + trial%3
		q := h.publish(fmt.Sprintf(attackedSurvey, k, k))
		sh := shape{departments: 2 + h.random.IntN(3), bands: 1 + h.random.IntN(3), most: 2 + h.random.IntN(9),
			answered: []float64{1, 0.9, 0.5}[h.random.IntN(3)], alike: []float64{0, 0.4}[h.random.IntN(2)]}
		list := h.madeUp(sh)
		wave := h.hold(q, fmt.Sprintf("wave %d", trial), list)
		_, rows, summary := h.responses(q, wave)
		if len(rows) == 0 {
			continue
		}
		if len(rows) != len(list) {
			t.Fatalf("trial %d: %d rows of %d people", trial, len(rows), len(list))
		}
		exported++
		if summary.Nameless > 0 {
			nameless++
		}
		groups := map[visible][]int{}
		for i, row := range rows {
			v := visible{row["department"], row["band"]}
			groups[v] = append(groups[v], i)
		}
		for v, members := range groups {
			if len(members) < k {
				t.Fatalf("trial %d: %v has %d rows, under %d", trial, v, len(members), k)
			}
		}
		if hasBlanks(rows, list) {
			partly++
		}
		for _, m := range h.measures(q, wave) {
			a := newAttacker(k, len(h.departments), len(h.bands), list, m)
			for v, members := range groups {
				a.addRows(t, m, v, members, rows, list)
			}
			for _, guess := range []bool{false, true} {
				if why := a.leak(guess); why != "" {
					t.Fatalf("trial %d, minimum %d, %s (coarse groups known: %v): %s", trial, k, m.name, guess, why)
				}
			}
		}
	}
	// The test must have had something to attack.
	if exported < 200 || nameless < 30 || partly < 30 {
		t.Errorf("only %d files, %d with nameless rows, %d with untold answers", exported, nameless, partly)
	}
}

// hasBlanks reports whether some answer that was given is not in the file.
func hasBlanks(rows []map[string]string, list []respondent) bool {
	for i, row := range rows {
		for id := range list[i].answers {
			if row[id] == "" {
				return true
			}
		}
	}
	return false
}

// addRows gives the attacker what the file says of the rows of one visible group.
func (a *attacker) addRows(t *testing.T, m measure, v visible, members []int, rows []map[string]string, list []respondent) {
	t.Helper()
	for _, item := range m.items {
		if !toldOf(t, item, v, members, rows, list) {
			return
		}
	}
	counts := map[int]int{}
	for _, i := range members {
		if _, _, ok := m.value(list[i]); !ok {
			continue
		}
		counts[a.atomOf(list[i])]++
	}
	sum := make([]int64, len(a.atoms))
	for atom, n := range counts {
		if n != len(a.atoms[atom]) {
			t.Fatalf("%s: the rows of %v hold a part of a cell", m.name, v)
		}
		sum[atom] = 1
	}
	a.published = append(a.published, sum)
}

// toldOf reports whether all answers to a question that a group gave are in the file. Either all are or none.
func toldOf(t *testing.T, question string, v visible, members []int, rows []map[string]string, list []respondent) bool {
	t.Helper()
	given, told := 0, 0
	for _, i := range members {
		if _, ok := list[i].answers[question]; ok {
			given++
		}
		if rows[i][question] != "" {
			told++
		}
	}
	if told != 0 && told != given {
		t.Fatalf("%s is told of %d of %d answers in %v", question, told, given, v)
	}
	return told == given
}
