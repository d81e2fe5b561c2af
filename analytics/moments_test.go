package analytics

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// part is what one person adds to a measure at some moment.
type part struct{ person, adds string }

// moment is what the reader told of a measure at one time, and which people's answers were in it.
type moment struct {
	views   []view
	counted map[part]cells
}

// counted reads from the database whose answers are in the figures now, and with what.
func (r *run) counted(m measure) map[part]cells {
	r.Helper()
	key := tally.OfConstruct(m.construct)
	if m.question != "" {
		key = tally.OfQuestion(m.question)
	}
	scores, err := tally.Scores(r.Context(), r.store, key, []surveys.WaveID{r.ID})
	if err != nil {
		r.Fatal(err)
	}
	var rows []struct {
		ID           []byte
		DepartmentID surveys.DepartmentID
		BandID       surveys.BandID
		Answers      string
		Step         int
		Frozen       *string
	}
	err = r.store.Read(r.Context()).Table("responses").Where("wave_id = ? AND step > 0", r.ID).Scan(&rows).Error
	if err != nil {
		r.Fatal(err)
	}
	all := map[part]cells{}
	for _, row := range rows {
		text := row.Answers
		if row.Frozen != nil {
			text = *row.Frozen
		}
		answers, err := surveys.DecodeAnswers(text)
		if err != nil {
			r.Fatal(err)
		}
		var one truth
		one.counts = map[string]int{}
		one.add(r.questionnaire.Document, m, answers)
		cell := cells{row.DepartmentID, row.BandID}
		if one.n > 0 && row.Step <= scores[r.ID][tally.Cell{Department: cell.department, Band: cell.band}].Step {
			all[part{hex.EncodeToString(row.ID), fmt.Sprint(one.scores, one.counts)}] = cell
		}
	}
	return all
}

// attackMoments looks for groups of too few people that follow from what was told at all moments together. The unknowns
// are the sums over parts that were in the figures at the same moments.
func attackMoments(moments []moment, k int) (leak string) {
	classes, people := classesOf(moments)
	a := attacker{unknowns: len(people)}
	for _, moment := range moments {
		for _, v := range moment.views {
			if !v.told.Shown() {
				continue
			}
			sum := make([]int64, a.unknowns)
			for p, cell := range moment.counted {
				if v.group.holds(cell.department, cell.band) {
					sum[classes[p]] = 1
				}
			}
			a.published = append(a.published, sum)
		}
	}
	a.each([]int64{0, 1}, func(vector []int64) bool {
		concerned := map[string]bool{}
		for class, c := range vector {
			for _, person := range people[class] {
				if c != 0 {
					concerned[person] = true
				}
			}
		}
		if n := len(concerned); n > 0 && n < k {
			leak = fmt.Sprintf("the figures of %d people (minimum %d) follow: %v", n, k, vector)
		}
		return leak == ""
	})
	return leak
}

// attackDifferences compares every total of groups that can be worked out at one moment with the same at another.
func attackDifferences(moments []moment, k int) string {
	type total struct {
		at    int
		parts map[part]bool
	}
	seen := map[string][]total{} // by the cells that make up the total
	for at, moment := range moments {
		list, a := told(moments, moment)
		a.each([]int64{0, 1}, func(in []int64) bool {
			parts := map[part]bool{}
			for p, cell := range moment.counted {
				if in[slices.Index(list, cell)] != 0 {
					parts[p] = true
				}
			}
			group := fmt.Sprint(in)
			seen[group] = append(seen[group], total{at, parts})
			return true
		})
	}
	for group, totals := range seen {
		for i, a := range totals {
			for _, b := range totals[i+1:] {
				if n := differing(a.parts, b.parts); n > 0 && n < k {
					return fmt.Sprintf("%s differs between moments %d and %d by %d people (minimum %d)", group, a.at, b.at, n, k)
				}
			}
		}
	}
	return ""
}

// told is what readers know of each cell at one moment; they may know that a cell was empty then.
func told(moments []moment, now moment) ([]cells, attacker) {
	atoms, filled := map[cells]bool{}, map[cells]bool{}
	for _, moment := range moments {
		for _, cell := range moment.counted {
			atoms[cell] = true
		}
	}
	for _, cell := range now.counted {
		filled[cell] = true
	}
	list := slices.SortedFunc(maps.Keys(atoms), func(a, b cells) int {
		return cmp.Or(cmp.Compare(a.department, b.department), cmp.Compare(a.band, b.band))
	})
	a := attacker{len(list), sums(list, now.views)}
	for i, cell := range list {
		if !filled[cell] {
			empty := make([]int64, len(list))
			empty[i] = 1
			a.published = append(a.published, empty)
		}
	}
	return list, a
}

// differing counts the people who add something else to one total than to the other.
func differing(a, b map[part]bool) int {
	people := map[string]bool{}
	for p := range a {
		if !b[p] {
			people[p.person] = true
		}
	}
	for p := range b {
		if !a[p] {
			people[p.person] = true
		}
	}
	return len(people)
}

func classesOf(moments []moment) (classes map[part]int, people [][]string) {
	cell, present := map[part]cells{}, map[part]string{}
	for _, moment := range moments {
		for p, c := range moment.counted {
			cell[p] = c
			present[p] = ""
		}
	}
	names := map[string]int{}
	classes = map[part]int{}
	for p := range present {
		name := fmt.Sprint(cell[p])
		for _, moment := range moments {
			_, in := moment.counted[p]
			name += fmt.Sprint(" ", in)
		}
		class, ok := names[name]
		if !ok {
			class = len(names)
			names[name] = class
			people = append(people, nil)
		}
		classes[p] = class
		people[class] = append(people[class], p.person)
	}
	return classes, people
}

const openPulse = `title: Pulse %d
purpose: change
language: en
minimum: %d
show_results: open
questions:
  - {id: open, kind: scale, points: 5, text: I am for it., construct: openness}
  - {id: when, kind: choice, text: When?, options: [{id: w1, text: Soon}, {id: w2, text: Later}]}
`

// Readers who look after every single answer, keep all they saw, and subtract, learn of nobody.
func TestNoTwoMomentsOfAnOpenWaveTellOfTooFewPeople(t *testing.T) {
	moments, shown, broken := 0, 0, 0
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		departments, bands := s.departments(2), s.bands(2)
		waves := map[store.Dialect]int{store.SQLite: 40, store.MySQL: 8}[db.Dialect()]
		r := rand.New(rand.NewPCG(5, 8))
		for i := range waves {
			k := []int{3, 4}[i%2]
			w := s.open(s.publish(fmt.Sprintf(openPulse, i, k)), "wave")
			history := w.poll(r, departments[:1+r.IntN(2)], bands[:1+r.IntN(2)])
			for m, list := range history {
				moments += len(list)
				for _, moment := range list {
					mustAgree(t, moment.views)
					for _, v := range moment.views {
						mustTellNoMore(t, v.told)
						if v.told.Shown() {
							shown++
							mustHold(t, v, moment)
						}
					}
				}
				if leak := cmp.Or(attackDifferences(list, k), attackMoments(list, k)); leak != "" {
					t.Fatalf("wave %d, %v: %s", i, m, leak)
				}
				if cmp.Or(attackDifferences(careless(list, k), k), attackMoments(careless(list, k), k)) != "" {
					broken++
				}
			}
		}
	})
	if shown < 500 || broken < 5 {
		t.Errorf("%d groups were shown, and a gate that looks at the minimum alone was broken %d times: the waves test nothing", shown, broken)
	}
	t.Logf("%d moments, %d shown groups; without the gate %d of 96 leak", moments, shown, broken)
}

// mustHold compares how many people a figure says it holds with those whose answers were counted.
func mustHold(t testing.TB, v view, now moment) {
	t.Helper()
	n := 0
	for _, cell := range now.counted {
		if v.group.holds(cell.department, cell.band) {
			n++
		}
	}
	if v.told.N != n {
		t.Fatalf("%s, %v: n is %d, want %d", v.where, v.group, v.told.N, n)
	}
}

// careless are the same moments as a gate that knows only the minimum would tell them.
func careless(moments []moment, k int) []moment {
	told := slices.Clone(moments)
	for i := range told {
		told[i].views = slices.Clone(told[i].views)
		for j := range told[i].views {
			v, n := &told[i].views[j], 0
			for _, cell := range told[i].counted {
				if v.group.holds(cell.department, cell.band) {
					n++
				}
			}
			v.told = Group{}
			if n >= k {
				v.told.Level = disclosure.Shown
			}
		}
	}
	return told
}

// poll lets people answer, change their minds and withdraw one by one, and looks each time.
func (r *run) poll(rng *rand.Rand, departments []surveys.DepartmentID, bands []surveys.BandID) map[measure][]moment {
	r.Helper()
	history := map[measure][]moment{}
	k := r.questionnaire.Document.SmallestGroup()
	look := func(closing bool) {
		if !closing {
			r.step()
		}
		for _, m := range []measure{{construct: surveys.Openness}, {question: "when"}} {
			counted, list := r.counted(m), history[m]
			same := !closing && len(list) > 0 && maps.Equal(list[len(list)-1].counted, counted)
			if same && rng.IntN(8) > 0 {
				continue
			}
			now := moment{r.views(m), counted}
			if same {
				if !reflect.DeepEqual(now.views, list[len(list)-1].views) {
					r.Fatalf("%v: nothing was counted, and yet what is told has changed", m)
				}
				continue
			}
			history[m] = append(list, now)
		}
	}
	answer := func() surveys.Answers {
		a := surveys.Answers{}
		if rng.IntN(5) > 0 {
			a["open"] = surveys.Number(1 + rng.IntN(5))
		}
		if rng.IntN(5) > 0 {
			a["when"] = surveys.Picked([]string{"w1", "w2"}[rng.IntN(2)])
		}
		return a
	}
	for range rng.IntN(6*k) + 4*k {
		d, b := departments[rng.IntN(len(departments))], bands[rng.IntN(len(bands))]
		switch x := rng.IntN(14); {
		case x == 0 && len(r.replies) > 0:
			r.withdraw(rng.IntN(len(r.replies)))
		case x <= 2 && len(r.replies) > 0:
			r.change(rng.IntN(len(r.replies)), answer())
		default:
			r.submit(reply(d, b, answer()))
		}
		look(false)
	}
	r.close()
	look(true)
	return history
}

func (r *run) withdraw(i int) {
	r.Helper()
	if err := r.intake.Withdraw(r.Context(), r.ID, r.questionnaire.Document, r.replies[i].Receipt); err != nil {
		r.Fatal(err)
	}
	r.replies = slices.Delete(r.replies, i, i+1)
}

func (r *run) change(i int, answers surveys.Answers) {
	r.Helper()
	r.replies[i].Answers = answers
	if _, err := r.intake.Change(r.Context(), r.ID, r.questionnaire.Document, r.replies[i]); err != nil {
		r.Fatal(err)
	}
}
