package tally_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// Each row damages what is stored behind the program's back; verify must find it and rebuild must mend what can be mended.
func TestVerifyFindsPlantedDamage(t *testing.T) {
	for _, row := range []struct {
		name   string
		damage string
		open   bool // whether it can be planted in an open wave too
		mended bool // whether a rebuild mends it
	}{
		{"a tally too high", "UPDATE tallies SET count = count + 1 WHERE value = 'w1'", true, true},
		{"a tally gone", "DELETE FROM tallies WHERE question_id = 'easier' AND value = '5'", true, true},
		{"a tally too many", "INSERT INTO tallies (wave_id, question_id, department_id, band_id, value, count) SELECT id, 'easier', 1, 2, '3', 1 FROM waves", true, true},
		{"a tally of a department without answers", "INSERT INTO tallies (wave_id, question_id, department_id, band_id, value, count) SELECT id, 'easier', 9, 2, '5', 1 FROM waves", true, true},
		{"a score too high", "UPDATE scores SET n = n + 1 WHERE measure = 'n'", true, true},
		{"a sum changed", "UPDATE scores SET total = total - 1 WHERE measure = 'c.openness'", true, true},
		{"a sum of squares changed", "UPDATE scores SET total_squares = 0 WHERE measure = 'q.easier'", true, true},
		{"the lowest changed", "UPDATE scores SET lowest = 0 WHERE measure = 'q.easier'", true, true},
		{"the highest changed", "UPDATE scores SET highest = highest + 1 WHERE measure = 'c.openness'", true, true},
		{"favourable changed", "UPDATE scores SET favourable = 0 WHERE measure = 'c.openness'", true, true},
		{"unfavourable changed", "UPDATE scores SET unfavourable = 1 WHERE measure = 'c.openness'", true, true},
		{"the step of a score changed", "UPDATE scores SET step = step + 1 WHERE measure = 'q.when'", true, true},
		{"participation gone", "DELETE FROM scores WHERE measure = 'n'", true, true},
		{"a construct gone", "DELETE FROM scores WHERE measure = 'c.openness'", true, true},
		{"a question gone", "DELETE FROM scores WHERE measure = 'q.easier'", true, true},
		{"all scores gone", "DELETE FROM scores", true, true},
		{"everything counted gone", "DELETE FROM scores", true, true},
		{"a score too many", `INSERT INTO scores (measure, wave_id, department_id, band_id, n, moved, step, denominator, total, total_squares, lowest, highest, favourable, unfavourable)
			SELECT 'q.easier', id, 9, 2, 5, 5, 1, 4, 20, 80, 4, 4, 5, 0 FROM waves`, true, true},
		{"a response changed", `UPDATE responses SET answers = '{"easier":1}'`, true, true},
		{"a response moved", "UPDATE responses SET department_id = 9", true, true},
		{"a response unreadable", `UPDATE responses SET answers = '{"easier":"yes"}'`, true, false},
		{"a response not counted", "UPDATE responses SET step = 0", true, true},
		{"responses gone", "DELETE FROM responses", true, true},
		{"a response settled too soon", "UPDATE responses SET step = 1073741824", true, false},
		{"a response not settled", "UPDATE responses SET step = 1", false, true},
		{"a change not settled", "UPDATE responses SET frozen = answers", false, true},
		{"a correlation changed", "UPDATE correlations SET coefficient = -1", false, true},
		{"the people of a correlation changed", "UPDATE correlations SET n = n + 1", false, true},
		{"a correlation gone", "DELETE FROM correlations WHERE everyone = 0", false, true},
		{"a correlation too many", "INSERT INTO correlations (wave_id, construct, question_id, everyone, department_id, n, moved) SELECT id, 'openness', 'easier', 0, 9, 5, 5 FROM waves", false, true},
		{"a response withdrawn", "UPDATE responses SET withdrawn = 1", false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			for state, prepare := range map[string]func(h *hall){"open": func(*hall) {}, "closed": (*hall).close} {
				if state == "open" && !row.open || state == "closed" && strings.Contains(row.damage, "1073741824") {
					continue
				}
				h := openHall(t, storetest.SQLite(t), pulse(3))
				h.crowd(legal)
				h.crowd(sales)
				h.step()
				prepare(h)
				if found := h.findings(); len(found) > 0 {
					t.Fatalf("%s: before the damage: %v", state, found)
				}
				h.exec(row.damage)
				if row.name == "everything counted gone" {
					h.exec("DELETE FROM tallies")
				}
				found := h.findings()
				if len(found) == 0 {
					t.Errorf("%s: verify finds nothing", state)
				}
				for _, f := range found {
					if f.Wave != h.wave || strings.Contains(f.String(), "yes") {
						t.Errorf("%s: %v", state, f)
					}
				}
				if row.mended {
					h.rebuild()
					if found := h.findings(); len(found) > 0 {
						t.Errorf("%s: after rebuilding: %v", state, found)
					}
				}
			}
		})
	}
}

// Damage done on MariaDB is found as well; what differs there is how rows are read.
func TestVerifyReadsMariaDBAsWell(t *testing.T) {
	h := openHall(t, storetest.OnMariaDB(t), pulse(3))
	h.crowd(legal)
	h.step()
	for _, state := range []string{"open", "closed"} {
		if found := h.findings(); len(found) > 0 {
			t.Errorf("%s: %v", state, found)
		}
		before := h.counts()
		h.exec("DELETE FROM scores WHERE measure = 'c.openness'")
		h.exec("UPDATE tallies SET count = 1 WHERE value = '5'")
		if found := h.findings(); len(found) != 2 {
			t.Errorf("%s: %v, want two findings", state, found)
		}
		h.rebuild()
		if now := h.counts(); state == "open" && !equal(now, before) || len(h.findings()) > 0 {
			t.Errorf("%s: rebuilt as %+v, was %+v", state, now, before)
		}
		h.close()
	}
}

// What readers have seen of an open wave must not move when it is rebuilt, whoever has changed or withdrawn since.
func TestRebuildingAnOpenWaveShowsNothingNew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		receipts := h.many(20, legal, agrees)
		h.step()
		in, out := h.counted(receipts)
		before := h.counts()
		h.change(in[0], doubts)
		h.withdraw(in[1])
		h.withdraw(out[0])
		h.many(2, legal, doubts)
		h.rebuild()
		if now := h.counts(); !equal(now, before) {
			t.Errorf("rebuilt as %+v, was %+v", now, before)
		}
		h.exec("DELETE FROM scores")
		h.exec("DELETE FROM tallies")
		h.rebuild()
		if now := h.counts(); !equal(now, before) {
			t.Errorf("rebuilt from nothing as %+v, was %+v", now, before)
		}
	})
}

// A question that few of those counted have answered waits until the minimum have.
func TestAQuestionOfFewWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		rare := surveys.Answers{"easier": surveys.Number(3), "praise": surveys.Number(9)}
		h.many(18, legal, agrees)
		h.many(2, legal, rare)
		h.step()
		if n := h.score(tally.Everyone, legal).N; n != 17 {
			t.Fatalf("%d are counted", n)
		}
		if n := h.score(tally.OfQuestion("praise"), legal).N; n != 0 {
			t.Errorf("praise shows %d people", n)
		}
		h.many(9, legal, rare)
		h.many(9, legal, surveys.Answers{"easier": surveys.Number(3), "praise": surveys.Number(2)})
		h.step()
		if n := h.score(tally.OfQuestion("praise"), legal).N; n < 3 {
			t.Errorf("praise shows %d people of the twenty who have given it", n)
		}
		if found := h.findings(); len(found) > 0 {
			t.Error(found)
		}
	})
}

func TestNamedSurveysCountEveryoneAtOnce(t *testing.T) {
	h := openHall(t, storetest.SQLite(t), &surveys.Document{Anonymity: surveys.Named, Minimum: 5, Questions: pulse(5).Questions})
	h.many(1, legal, agrees)
	h.step()
	if n := h.score(tally.Everyone, legal).N; n != 1 {
		t.Errorf("%d of 1 is counted", n)
	}
	h.close()
	if got := h.score(tally.Everyone, legal); got.N != 1 || got.Moved != 0 {
		t.Errorf("%+v", got)
	}
	if found := h.findings(); len(found) > 0 {
		t.Error(found)
	}
}

// Waves must not get into each other's figures.
func TestWavesAreCountedApart(t *testing.T) {
	h := openHall(t, storetest.SQLite(t), pulse(3))
	h.many(9, legal, agrees)
	first := h.wave
	h.transact(func(tx *gorm.DB) error {
		w, _, err := waves.Open(tx, waves.New{Label: "autumn", Questionnaire: h.q})
		h.wave = w.ID
		return err
	})
	h.many(7, legal, doubts)
	h.step()
	h.close()
	if n := h.score(tally.Everyone, legal).N; n != 7 {
		t.Errorf("%d of 7", n)
	}
	h.wave = first
	if len(h.counts().Scores) > 0 {
		t.Error("closing one wave counts another")
	}
	h.step()
	h.rebuild()
	if found := h.findings(); len(found) > 0 {
		t.Error(found)
	}
}
