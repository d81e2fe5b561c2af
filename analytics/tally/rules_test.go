package tally_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"pgregory.net/rapid"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

var update = flag.Bool("update", false, "write what is counted as it should be counted")

func (h *hall) renew() (ids []surveys.WaveID) {
	h.t.Helper()
	h.must(tally.Renew(context.Background(), h.s, h, func(id surveys.WaveID) { ids = append(ids, id) }))
	return ids
}

// upgrade counts anew; readers must see nothing of it while the wave is open.
func (r *room) upgrade() {
	r.t.Helper()
	before := r.counts()
	r.renew()
	if now := r.counts(); !reflect.DeepEqual(now, before) {
		r.t.Fatalf("counted anew as %+v, was %+v", now, before)
	}
}

// doStep takes a step, after an upgrade if there was one.
func (r *room) doStep(*rapid.T) {
	r.upgrade()
	r.steps()
}

// doStepOfEarlierRules takes a step as rules would that let some measures wait for longer, or that had let them in before.
func (r *room) doStepOfEarlierRules(rt *rapid.T) {
	r.upgrade()
	before := r.counts()
	r.steps()
	now := r.counts()
	if reflect.DeepEqual(now, before) {
		return
	}
	r.mixed = true
	r.exec("UPDATE counters SET rules = 0, first_rules = 0 WHERE wave_id = ?", r.wave)
	for _, key := range sorted(now.Scores) {
		if now.Scores[key] != before.Scores[key] && rapid.Bool().Draw(rt, "waits") {
			r.putBack(key, before)
		}
	}
}

// sorted lists keys in an order that is the same each time.
func sorted(scores map[tally.Key]tally.Score) (keys []tally.Key) {
	for key := range scores {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b tally.Key) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return keys
}

// putBack makes a figure what it was.
func (r *room) putBack(key tally.Key, was *tally.Counts) {
	r.t.Helper()
	score, question := was.Scores[key], strings.TrimPrefix(string(key.Measure), "q.")
	r.transact(func(tx *gorm.DB) error {
		where := tx.Where("wave_id = ? AND department_id = ? AND band_id = ?", r.wave, key.Department, key.Band).Session(&gorm.Session{})
		errs := []error{where.Table("scores").Where("measure = ?", key.Measure).Delete(nil).Error, where.Table("tallies").Where("question_id = ?", question).Delete(nil).Error}
		if score.N > 0 {
			errs = append(errs, tx.Table("scores").Create(map[string]any{"measure": key.Measure, "wave_id": r.wave, "department_id": key.Department, "band_id": key.Band,
				"n": score.N, "moved": score.Moved, "step": score.Step, "denominator": score.Denominator, "total": score.Total, "total_squares": score.TotalSquares,
				"lowest": score.Lowest, "highest": score.Highest, "favourable": score.Favourable, "unfavourable": score.Unfavourable}).Error)
		}
		for value, n := range was.Values {
			if value.Cell == key.Cell && value.Question == question {
				errs = append(errs, tx.Table("tallies").Create(map[string]any{"wave_id": r.wave, "question_id": question, "department_id": key.Department,
					"band_id": key.Band, "value": value.Value, "count": n}).Error)
			}
		}
		return errors.Join(errs...)
	})
}

// asBefore leaves waves as a version would that knew neither correlations nor who answered all of a construct.
func (h *hall) asBefore() {
	h.t.Helper()
	h.exec("DELETE FROM scores WHERE measure LIKE 'w.%' OR measure LIKE 'p.%' OR measure LIKE 't.%'")
	h.exec("DELETE FROM correlations")
	h.exec("UPDATE counters SET rules = 0, first_rules = 0")
}

// several closes waves in which the same people say the same, and one that is open.
func (h *hall) several(n int) (ids []surveys.WaveID) {
	h.t.Helper()
	for i := range n {
		if i > 0 {
			h.openAnother()
		}
		h.crowd(legal)
		h.crowd(sales)
		h.step()
		ids = append(ids, h.wave)
		if i < n-1 {
			h.close()
		}
	}
	return ids
}

// openAnother opens one more wave of the same questions.
func (h *hall) openAnother() {
	h.t.Helper()
	h.transact(func(tx *gorm.DB) error {
		w, _, err := waves.Open(tx, waves.New{Label: "another", At: time.Now(), Questionnaire: h.q})
		h.wave = w.ID
		return err
	})
}

func TestWavesOfEarlierRulesAreCountedAnewOnceAndTheNewestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		ids := h.several(3)
		var right []*tally.Counts
		for _, h.wave = range ids {
			right = append(right, h.counts())
		}
		h.asBefore()
		if found := h.findings(); !slices.ContainsFunc(found, func(f tally.Finding) bool { return strings.Contains(f.Detail, "earlier version") }) {
			t.Errorf("verify does not say why: %v", found)
		}
		slices.Reverse(ids)
		slices.Reverse(right)
		if got := h.renew(); !slices.Equal(got, ids) {
			t.Errorf("counted anew are %v, want %v", got, ids)
		}
		if found := h.findings(); len(found) > 0 {
			t.Errorf("afterwards: %v", found)
		}
		for i, want := range right[1:] {
			h.wave = ids[i+1]
			if now := h.counts(); len(now.Scores) != len(want.Scores) || !mapsEqual(now.Values, want.Values) {
				t.Errorf("wave %d is counted as %+v, want %+v", h.wave, now, want)
			}
		}
		// Of the open wave nobody was in those measures yet; they come with a later step, whole.
		h.wave = ids[0]
		h.many(9, legal, agrees)
		h.many(9, legal, doubts)
		h.step()
		if n := h.score(tally.OfPartial(surveys.Openness), legal).N; n < 12 {
			t.Errorf("%d people answered some of openness and are counted", n)
		}
		if again := h.renew(); len(again) > 0 {
			t.Errorf("counted anew once more: %v", again)
		}
		if found := h.findings(); len(found) > 0 {
			t.Errorf("after a step: %v", found)
		}
	})
}

// A step on top of figures of earlier rules would join what does not belong together.
func TestAWaveTakesNoStepBeforeItIsCountedAnew(t *testing.T) {
	h := openHall(t, storetest.SQLite(t), pulse(3))
	h.crowd(legal)
	h.step()
	h.asBefore()
	before := h.counts()
	h.crowd(legal)
	h.step()
	if !equal(h.counts(), before) {
		t.Error("it took one")
	}
	h.renew()
	h.step()
	if n := h.score(tally.Everyone, legal).N; n != 27 {
		t.Errorf("afterwards %d of 27 are counted", n)
	}
}

// Of a wave with steps by earlier rules nobody knows whether readers saw the figure at its first step. Here it is again
// what it was then, and two people fewer than what readers saw last: hidden, and no cover for others.
func TestAFigureThatReadersMayNeverHaveSeenIsNotTakenForOneTheySaw(t *testing.T) {
	for rules, moved := range map[int]int{tally.Rules: 2, 0: -1} {
		h := openHall(t, storetest.SQLite(t), pulse(3))
		first := h.many(9, legal, agrees)
		h.step()
		_, out := h.counted(first)
		for _, r := range out {
			h.withdraw(r)
		}
		later := append(h.many(2, legal, doubts), h.submit(legal, surveys.Answers{"when": surveys.Picked("w2")}))
		for _, r := range later {
			id := secret.ResponseID(r)
			h.exec("UPDATE responses SET step = 2 WHERE id = ?", id[:])
		}
		h.exec("UPDATE counters SET steps = 2")
		h.rebuild()
		if got := h.score(tally.OfQuestion("easier"), legal); got.N != 8 || got.Step != 2 {
			t.Fatalf("while open: %+v", got)
		}
		for _, r := range later {
			h.withdraw(r)
		}
		h.exec("UPDATE counters SET first_rules = ?", rules)
		h.close()
		if got := h.score(tally.OfQuestion("easier"), legal); got.N != 6 || got.Moved != moved {
			t.Errorf("first step by rules %d: %+v, want moved %d", rules, got, moved)
		}
	}
}

// Whatever one wave suffers from, it keeps its figures and the others get theirs; what died is taken up again.
func TestCountingAnewCanDieBetweenWavesAndGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		ids := h.several(4)
		h.asBefore()
		ctx, die := context.WithCancel(t.Context())
		err := tally.Renew(ctx, s, h, func(id surveys.WaveID) {
			if id == ids[2] {
				die()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it dies with %v", err)
		}
		left, err := tally.Outdated(t.Context(), s)
		if err != nil || !slices.Equal(left, []surveys.WaveID{ids[1], ids[0]}) {
			t.Fatalf("left are %v (%v), want the two oldest of %v", left, err, ids)
		}
		h.exec(`UPDATE responses SET answers = '{"easier":"yes"}' WHERE wave_id = ?`, ids[1])
		h.wave = ids[1]
		before := h.counts()
		var anew []surveys.WaveID
		err = tally.Renew(t.Context(), s, h, func(id surveys.WaveID) { anew = append(anew, id) })
		if err == nil || strings.Contains(err.Error(), "yes") || !slices.Equal(anew, ids[:1]) {
			t.Errorf("counted anew are %v with %v", anew, err)
		}
		if !equal(h.counts(), before) {
			t.Error("a wave that cannot be counted lost its figures")
		}
		if left, err = tally.Outdated(t.Context(), s); err != nil || !slices.Equal(left, ids[1:2]) {
			t.Errorf("left are %v (%v)", left, err)
		}
	})
}

// Two servers that start after an upgrade share the work, and readers never meet a wave half counted.
func TestServersThatStartAtOnceCountEachWaveAnewOnce(t *testing.T) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			address := storetest.Address(t, kind)
			servers := []*store.Store{storetest.Open(t, address), storetest.Open(t, address)}
			h := openHall(t, servers[0], pulse(3))
			ids := h.several(6)
			rows := func() (n int) {
				h.must(servers[1].Read(t.Context()).Raw("SELECT COUNT(*) FROM scores WHERE wave_id = ?", ids[2]).Scan(&n).Error)
				return n
			}
			after := rows()
			h.asBefore()
			before := rows()
			var mu sync.Mutex
			anew := map[surveys.WaveID]int{}
			var working, reading sync.WaitGroup
			for _, s := range servers {
				working.Go(func() {
					err := tally.Renew(t.Context(), s, h, func(id surveys.WaveID) { mu.Lock(); anew[id]++; mu.Unlock() })
					if err != nil {
						t.Error(err)
					}
				})
			}
			finished := make(chan struct{})
			reading.Go(func() {
				for {
					if n := rows(); n != before && n != after {
						t.Errorf("a reader meets %d figures, neither the %d of before nor the %d of after", n, before, after)
						return
					}
					select {
					case <-finished:
						return
					default:
					}
				}
			})
			working.Wait()
			close(finished)
			reading.Wait()
			for _, id := range ids {
				if anew[id] != 1 {
					t.Errorf("wave %d is counted anew %d times", id, anew[id])
				}
			}
			if found := h.findings(); len(found) > 0 {
				t.Error(found)
			}
		})
	}
}

// What is stored for the same responses is written down with the version of the rules. If it differs, raise Rules, or
// waves counted before would stay as they are, and run this test with -update.
func TestWhoeverChangesWhatIsCountedRaisesTheRules(t *testing.T) {
	h := &room{hall: openHall(t, storetest.SQLite(t), pulse(3))} // its receipts are the same each time
	var b strings.Builder
	fmt.Fprintln(&b, "rules", tally.Rules)
	for n, a := range []answer{{5, 1, 7, 1, 10}, {4, 2, 6, 2, 9}, {3, 3, 4, 1, 8}, {2, 4, 2, 2, 3}, {1, 5, 1, 0, 0}, {5, 0, 0, 1, -1}, {2, 2, 0, 2, 7}, {4, 1, 5, 1, 10}, {3, 5, 2, 0, 6}} {
		h.arrive([]tally.Cell{legal, sales}[n%2], []answer{a})
		h.arrive(legal, []answer{a})
	}
	for _, state := range []string{"while open", "closed"} {
		if h.step(); state == "closed" {
			h.close()
		}
		counts := h.counts()
		pairs, err := tally.Pairs(t.Context(), h.s, h.wave)
		h.must(err)
		var lines []string
		for key, score := range counts.Scores {
			lines = append(lines, fmt.Sprintf("%s: %+v %+v", state, key, score))
		}
		for key, n := range counts.Values {
			lines = append(lines, fmt.Sprintf("%s: %+v %d", state, key, n))
		}
		for key, pair := range pairs {
			lines = append(lines, fmt.Sprintf("%s: %+v n %d rho %.9f", state, key, pair.N, *pair.Coefficient))
		}
		slices.Sort(lines)
		fmt.Fprintln(&b, strings.Join(lines, "\n"))
	}
	file := filepath.Join("testdata", "counted.golden")
	if *update {
		h.must(os.WriteFile(file, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	h.must(err)
	if b.String() != string(want) {
		t.Errorf("what is stored is not what rules %d stored; now:\n%s", tally.Rules, b.String())
	}
}
