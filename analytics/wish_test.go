package analytics

import (
	"slices"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const weekQuestion = "title: Week\npurpose: change\nlanguage: en\nminimum: 5\nquestions:\n  - {id: decide-week, kind: choice, text: Which week?, options: [{id: w1, text: First}, {id: w2, text: Second}], other: true}\n"

// chosen are replies of people who chose one option each.
func chosen(department surveys.DepartmentID, options ...string) (list []surveys.Reply) {
	for _, o := range options {
		list = append(list, reply(department, 0, surveys.Answers{"decide-week": surveys.Picked(o)}))
	}
	return list
}

// times repeats an option.
func times(n int, option string) []string { return slices.Repeat([]string{option}, n) }

func TestTheWishIsWhatMostChoseInTheDepartmentsThatAreShown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		d := s.departments(5)
		q := s.publish(weekQuestion)
		old := s.closed(q, "Old", slices.Concat(chosen(d[0], slices.Concat(times(9, "w2"), times(3, "w1"))...), chosen(d[3], slices.Concat(times(7, "w2"), times(4, "w1"))...))...)
		now := s.closed(q, "Now", slices.Concat(
			chosen(d[0], slices.Concat(times(8, "w1"), times(4, "w2"))...), // most for the first
			chosen(d[1], slices.Concat(times(6, "w1"), times(6, "w2"))...), // tied
			chosen(d[2], times(4, "w2")...),                                // too few
			chosen(d[4], slices.Concat(times(3, "w1"), times(2, "w2"))...), // hidden with them, though there are enough
		)...)
		all := []*WaveResults{s.waveResults(WaveQuery{Wave: now.ID}), s.waveResults(WaveQuery{Wave: old.ID})}
		of := func(ids ...surveys.DepartmentID) func(surveys.DepartmentID) bool {
			return func(id surveys.DepartmentID) bool { return slices.Contains(ids, id) }
		}
		for name, c := range map[string]struct {
			of              []surveys.DepartmentID
			option          string
			count, n        int
			tied, majority  bool
			counted, hidden []surveys.DepartmentID
		}{
			"most":                          {d[:1], "w1", 8, 12, false, true, d[:1], nil},
			"tied":                          {d[1:2], "", 0, 12, true, false, d[1:2], nil},
			"too few":                       {d[2:3], "", 0, 0, false, false, nil, d[2:3]},
			"asked in the wave before only": {d[3:4], "w2", 7, 11, false, true, d[3:4], nil},
			"several":                       {d[:4], "w1", 18, 35, false, true, []surveys.DepartmentID{d[0], d[1], d[3]}, d[2:3]},
			"nobody":                        {nil, "", 0, 0, false, false, nil, nil},
		} {
			w := Wished(all, "decide-week", of(c.of...))
			if w.Option != c.option || w.Share.Count != c.count || w.N != c.n || w.Tied != c.tied || w.Majority() != c.majority || !slices.Equal(w.Counted, c.counted) || !slices.Equal(w.Hidden, c.hidden) {
				t.Errorf("%s: %+v, want %+v", name, w, c)
			}
		}
		if w := Wished(all, "decide-else", of(d...)); w.N != 0 || w.Option != "" {
			t.Errorf("a question that nobody was asked gives %+v", w)
		}
	})
}

func TestTheWishSaysNothingOfPeopleWhoAreAllAlike(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newSite(t, db)
		d := s.departments(2)
		now := s.closed(s.publish(weekQuestion), "Now", slices.Concat(chosen(d[0], times(12, "w2")...), chosen(d[1], slices.Concat(times(7, "w1"), times(5, "w2"))...))...)
		all := []*WaveResults{s.waveResults(WaveQuery{Wave: now.ID})}
		if w := Wished(all, "decide-week", func(id surveys.DepartmentID) bool { return id == d[0] }); w.Option != "" || w.N != 0 || !slices.Equal(w.Hidden, d[:1]) {
			t.Errorf("of twelve who chose the same it tells %+v", w)
		}
	})
}
