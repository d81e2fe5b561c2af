package analytics

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"soundings/analytics/brief"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// A brief tells what the wave's page tells, and a pack keeps it while the page moves.
func TestABriefTellsWhatTheWaveTellsAndStaysInAPack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newSite(t, st)
		finance, legal, sales := s.department("Finance", 20), s.department("Legal", 0), s.department("Sales", 40)
		q := s.publish(packed)
		s.closed(q, "Spring", slices.Concat(packedReplies(finance, 12), packedReplies(legal, 9), packedReplies(sales, 2))...)
		autumn := s.closed(q, "Autumn", slices.Concat(packedReplies(finance, 14), packedReplies(legal, 11), packedReplies(sales, 3))...)
		change := changes.Change{ID: 7, Name: "expense-tool", Language: "en", Text: changes.Text{Title: "Expenses", StillOpen: "When"}, Everybody: true,
			Translations: map[string]changes.Translation{"de": {Text: changes.Text{Title: "Spesen"}}}, History: []changes.Entry{{Stage: changes.Asking, On: "2026-01-05"}}}
		p := s.pack(PackAsk{Title: "IT planning", Meeting: "2027-03-15", Day: "2026-11-24", Changes: []changes.Change{change}, Departments: []surveys.DepartmentID{finance, sales}})
		if len(p.Briefs) != 2 {
			t.Fatalf("%d briefs for two departments", len(p.Briefs))
		}
		document, read := s.frozen(p)
		own, small := read.Briefs[0], read.Briefs[1]
		page := s.waveResults(WaveQuery{Wave: autumn.ID})
		about := page.of(t, measure{construct: surveys.Openness})
		unit := slices.IndexFunc(page.Units, func(u Unit) bool { return u.Department.ID == finance })
		if g := about.Units[unit]; own.Wave.ID != autumn.ID || !own.Wave.About || !own.Wave.Newest || !own.Standing.Shown || own.Standing.Mean != g.Mean || own.Standing.Low != g.Low || own.Standing.N != 14 {
			t.Errorf("the brief of Finance is of %+v: %+v, the page says %+v", own.Wave, own.Standing, g.Group)
		}
		if own.Move.Verdict != about.Units[unit].Change.Verdict || own.Move.Since != "Spring" || own.Answered != 14 || own.Asked != 20 || own.Rate != 0.7 {
			t.Errorf("it moved by %+v, %d of %d answered", own.Move, own.Answered, own.Asked)
		}
		if small.Standing.Shown || small.Standing.N != 0 || small.Standing.Mean != 0 || small.Answered != 0 || len(small.Weakest)+len(small.Choices) != 0 {
			t.Errorf("the brief of Sales, whom three answered for, tells %+v", small.Brief)
		}
		if title, _ := own.ChangeTitle.In("de"); title != "Spesen" || own.Questionnaire == nil || own.Pitches[0].Scope != brief.NothingWritten {
			t.Errorf("in German the change is %q, %+v", title, own.Pitches)
		}
		if again, err := read.Document(); err != nil || !bytes.Equal(again, document) {
			t.Errorf("written once more it is another document, %v", err)
		}
		if some := read.Only(func(d surveys.DepartmentID) bool { return d == sales }); len(some.Briefs) != 1 || some.Briefs[0].Department != sales {
			t.Errorf("somebody who sees Sales gets %d briefs", len(some.Briefs))
		}

		autumn.imports(packedReplies(finance, 6)...)
		today, err := s.reader.Brief(t.Context(), BriefAsk{Change: change, Department: p.Departments[0], Day: "2026-11-25"})
		if err != nil || today.Standing == own.Standing {
			t.Errorf("today the brief is still of %+v, %v", today.Standing, err)
		}
		if read, err = ReadPack(document); err != nil || read.Briefs[0].Standing.N != 14 {
			t.Errorf("the brief in the pack has moved, %v", err)
		}
		if _, err := ReadPack([]byte(strings.Replace(string(document), `"questionnaire":1,"label":"Autumn","about_change"`, `"questionnaire":9,"label":"Autumn","about_change"`, 1))); err == nil {
			t.Error("a brief without its questions is read")
		}
	})
}

// Without a wave about the change, a brief is of the newest about something else and says so; without any, of none.
func TestABriefOnAChangeThatNobodyWasAskedAbout(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance := s.department("Finance", 20)
	change := changes.Change{ID: 9, Name: "another", Language: "en", Text: changes.Text{Title: "Another"}, Everybody: true}
	read := func() *Brief {
		b, err := s.reader.Brief(t.Context(), BriefAsk{Change: change, Department: surveys.Department{ID: finance, Name: "Finance"}, Day: "2026-11-24"})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if b := read(); b.Wave != nil || b.Standing.Shown || b.Last != nil || !b.LongUnvisited {
		t.Errorf("of nothing: %+v", b.Brief)
	}
	q := s.publish(packed)
	legal := s.department("Legal", 0)
	s.closed(q, "Spring", slices.Concat(packedReplies(finance, 12), packedReplies(legal, 9))...)
	b := read()
	if b.Wave == nil || b.Wave.About || !b.Standing.Shown || b.Move.Verdict != stats.NotComparable {
		t.Errorf("about another change: %+v", b.Brief)
	}
	chosen := func(b *Brief) (list []string) {
		for _, c := range b.Choices {
			list = append(list, c.Question)
		}
		return list
	}
	if !slices.Equal(chosen(b), []string{"when", "order"}) {
		t.Fatalf("they chose in %q", chosen(b))
	}
	// What the other change leaves to them is no worry about this one.
	q = s.publish(strings.ReplaceAll(packed, "when", "decide-when"))
	replies := slices.Concat(packedReplies(finance, 12), packedReplies(legal, 9))
	for _, r := range replies {
		r.Answers["decide-when"] = r.Answers["when"]
		delete(r.Answers, "when")
	}
	s.closed(q, "Summer", replies...)
	if b := read(); b.Wave.Label != "Summer" || !slices.Equal(chosen(b), []string{"order"}) {
		t.Errorf("in %s they chose in %q", b.Wave.Label, chosen(b))
	}
}
