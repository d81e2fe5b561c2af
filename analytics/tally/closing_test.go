package tally_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

var (
	legal  = tally.Cell{Department: 1, Band: 2}
	sales  = tally.Cell{Department: 2, Band: 2}
	agrees = surveys.Answers{"easier": surveys.Number(5), "worried": surveys.Number(1), "when": surveys.Picked("w1")}
	doubts = surveys.Answers{"easier": surveys.Number(2)}
)

func (h *hall) score(m tally.Measure, cell tally.Cell) tally.Score {
	h.t.Helper()
	return h.counts().Scores[tally.Key{Measure: m, Cell: cell}]
}

// Readers remember every step, not only the last. Here all that the second step added is withdrawn again, and one of
// those left over stays: the closed figure differs from the first step by that one person alone.
func TestClosingIsComparedWithEveryEarlierStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		h.many(6, legal, agrees)
		h.step()
		h.many(3, legal, doubts)
		h.step()
		left := h.stepped(0)
		if len(h.stepped(1)) != 3 || len(h.stepped(2)) != 3 || len(left) != 3 {
			t.Fatalf("%d, %d and %d people", len(h.stepped(1)), len(h.stepped(2)), len(left))
		}
		h.exec("UPDATE responses SET withdrawn = 1, frozen = answers, answers = '{}' WHERE wave_id = ? AND step = 2", h.wave)
		for _, id := range left[1:] {
			h.exec("UPDATE responses SET withdrawn = 1, answers = '{}' WHERE id = ?", id)
		}
		h.close()
		if got := h.score(tally.Everyone, legal); got.N != 4 || got.Moved != 1 {
			t.Errorf("n %d, moved %d; who kept the first step learns what one person said", got.N, got.Moved)
		}
	})
}

// stepped lists the responses that a step took (0: none yet).
func (h *hall) stepped(step int) (ids [][]byte) {
	h.t.Helper()
	h.must(h.s.Read(context.Background()).Table("responses").Where("wave_id = ? AND step = ?", h.wave, step).Pluck("id", &ids).Error)
	return ids
}

func TestClosingCountsEveryoneAsTheyAreNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		receipts := append(h.many(8, legal, agrees),
			h.many(7, legal, surveys.Answers{"easier": surveys.Number(4), "worried": surveys.Number(2), "when": surveys.Picked("w2")})...)
		h.step()
		in, out := h.counted(receipts)
		if len(in) != 12 || len(out) != 3 {
			t.Fatalf("the step counts %d and leaves %d", len(in), len(out))
		}
		before := h.counts()
		h.change(in[0], doubts)
		h.withdraw(in[1])
		h.change(out[0], doubts)
		if now := h.counts(); !equal(now, before) {
			t.Error("changing and withdrawing moved a figure before a step")
		}
		if found := h.findings(); len(found) > 0 {
			t.Errorf("while open: %v", found)
		}
		h.close()
		// 15 people less one; two of them say something else than before.
		everyone := h.score(tally.Everyone, legal)
		easier := h.score(tally.OfQuestion("easier"), legal)
		openness := h.score(tally.OfConstruct(surveys.Openness), legal)
		if everyone.N != 14 || easier.N != 14 || easier.Favourable != 12 || easier.Unfavourable != 2 || openness.N != 12 {
			t.Errorf("everyone %+v, easier %+v, openness %+v", everyone, easier, openness)
		}
		// Everyone: 1 withdrawn and 3 new. Easier: 1 changed as well. Openness, which the doubters have not: 2
		// gone, 2 new, and as both of these are for it, the difference would tell what each of them said.
		if everyone.Moved != 4 || easier.Moved != 5 || openness.Moved != -1 {
			t.Errorf("moved: everyone %d, easier %d, openness %d", everyone.Moved, easier.Moved, openness.Moved)
		}
		if found := h.findings(); len(found) > 0 {
			t.Errorf("when closed: %v", found)
		}
	})
}

func equal(a, b *tally.Counts) bool {
	return mapsEqual(a.Scores, b.Scores) && mapsEqual(a.Values, b.Values)
}

func mapsEqual[K, V comparable](a, b map[K]V) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if other, ok := b[k]; !ok || other != v {
			return false
		}
	}
	return true
}

// A program that dies between the two halves of closing leaves a wave that takes nothing in and whose figures stand as
// they were; closing it again finishes the work.
func TestClosingCanBeResumed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		h.many(9, legal, agrees)
		h.step()
		before := h.counts()
		h.transact(func(tx *gorm.DB) error { return waves.BeginClosing(tx, h.wave) })

		if found := h.findings(); len(found) > 0 {
			t.Errorf("verify half way: %v", found)
		}
		h.rebuild()
		if !equal(h.counts(), before) {
			t.Error("rebuilding half way moved a figure")
		}
		died := errors.New("died")
		err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
			return errors.Join(tally.Recount(tx, h.q, h.wave), died)
		})
		if !errors.Is(err, died) || !equal(h.counts(), before) {
			t.Errorf("an undone recount (%v) left its traces", err)
		}
		h.close()
		wave, err := waves.ByID(s.Read(t.Context()), h.wave)
		if err != nil || wave.State != surveys.Closed || wave.Closed.IsZero() {
			t.Errorf("%+v, %v", wave, err)
		}
		if n := h.score(tally.Everyone, legal).N; n != 9 {
			t.Errorf("%d of 9 are counted", n)
		}
		if found := h.findings(); len(found) > 0 {
			t.Errorf("verify when closed: %v", found)
		}
	})
}

func TestClosingAnUnknownWaveIsNotFound(t *testing.T) {
	h := openHall(t, storetest.SQLite(t), pulse(3))
	if err := tally.Close(t.Context(), h.s, h.q, h.wave+99, time.Now()); surveys.KindOf(err) != surveys.NotFound {
		t.Errorf("got %v", err)
	}
}

func TestTwoServersCountAndCloseAtOnce(t *testing.T) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			address := storetest.Address(t, kind)
			servers := []*store.Store{storetest.Open(t, address), storetest.Open(t, address)}
			h := openHall(t, servers[0], pulse(3))
			other := startIntake(t, servers[1])
			var wg sync.WaitGroup
			for i := range 40 {
				wg.Go(func() {
					in := h.in
					if i%2 == 0 {
						in = other
					}
					for range 5 {
						r := surveys.Reply{Receipt: surveys.NewReceipt(), Department: 1, Band: surveys.BandID(i % 3), Language: "en", Answers: agrees}
						if _, err := in.Submit(t.Context(), h.wave, h.q.Document, r); err != nil {
							t.Error(err)
						}
					}
				})
			}
			for _, s := range servers {
				for range 2 {
					wg.Go(func() {
						for range 10 {
							if err := tally.Step(t.Context(), s, h.q, h.wave); err != nil {
								t.Error(err)
							}
						}
					})
				}
			}
			wg.Wait()
			if found := h.findings(); len(found) > 0 {
				t.Errorf("while open: %v", found)
			}
			for range 2 {
				for _, s := range servers {
					wg.Go(func() {
						if err := tally.Close(t.Context(), s, h.q, h.wave, time.Now()); err != nil {
							t.Error(err)
						}
					})
					wg.Go(func() {
						if err := tally.Step(t.Context(), s, h.q, h.wave); err != nil {
							t.Error(err)
						}
					})
					wg.Go(func() {
						if err := tally.Rebuild(t.Context(), s, h); err != nil {
							t.Error(err)
						}
					})
				}
			}
			wg.Wait()
			n := 0
			for key, score := range h.counts().Scores {
				if key.Measure == tally.Everyone {
					n += score.N
				}
			}
			if n != 200 {
				t.Errorf("%d of 200 are counted", n)
			}
			if found := h.findings(); len(found) > 0 {
				t.Errorf("when closed: %v", found)
			}
		})
	}
}

func TestAStepSkipsAWaveThatAnotherServerCounts(t *testing.T) {
	address := storetest.Address(t, store.MySQL) // on SQLite there is one process
	h := openHall(t, storetest.Open(t, address), pulse(3))
	other := storetest.Open(t, address)
	h.many(9, legal, agrees)
	err := other.Transact(t.Context(), "another server counts", func(tx *gorm.DB) error {
		var steps int
		if err := store.ForUpdate(tx.Table("counters").Select("steps").Where("wave_id = ?", h.wave)).Scan(&steps).Error; err != nil {
			return err
		}
		h.step() // would wait for ever, were it to wait
		if len(h.counts().Scores) > 0 {
			t.Error("counted although another server holds the wave")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.step()
	if n := h.score(tally.Everyone, legal).N; n != 6 {
		t.Errorf("counted %d afterwards", n)
	}
}

// An import puts rows into a wave that is closed and counts it again.
func TestAClosedWaveIsRecountedWithImportedRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		h.many(9, legal, agrees)
		h.step()
		h.close()
		imported := 0
		add := func(n int, cell tally.Cell) {
			h.t.Helper()
			for range n {
				id := secret.ImportedID("file", string(rune('a'+imported)))
				imported++
				h.exec("INSERT INTO responses (wave_id, id, department_id, band_id, language, answers) VALUES (?, ?, ?, ?, 'en', ?)",
					h.wave, id[:], cell.Department, cell.Band, `{"easier":4}`)
			}
		}
		recount := func() {
			h.t.Helper()
			h.transact(func(tx *gorm.DB) error { return tally.Recount(tx, h.q, h.wave) })
			if found := h.findings(); len(found) > 0 {
				t.Errorf("verify: %v", found)
			}
		}
		add(4, sales)
		if found := h.findings(); len(found) == 0 {
			t.Error("verify overlooks responses that nobody has counted")
		}
		recount()
		if got := h.score(tally.Everyone, sales); got.N != 4 || got.Moved != 4 {
			t.Errorf("new department: n %d, moved %d", got.N, got.Moved)
		}
		if got := h.score(tally.Everyone, legal); got.N != 9 || got.Moved != 0 {
			t.Errorf("the department readers have seen: n %d, moved %d", got.N, got.Moved)
		}
		// Readers have seen 9 and a total; two more must not be told from the difference.
		add(2, legal)
		err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return tally.Recount(tx, h.q, h.wave) })
		if surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), "rows for only 2 people") {
			t.Errorf("two more: %v", err)
		}
		if got := h.score(tally.Everyone, legal); got.N != 9 {
			t.Errorf("refused, but n is %d", got.N)
		}
		add(1, legal)
		recount()
		if got := h.score(tally.Everyone, legal); got.N != 12 || got.Moved != 3 {
			t.Errorf("three more: n %d, moved %d", got.N, got.Moved)
		}
		recount()
		if got := h.score(tally.Everyone, legal); got.N != 12 || got.Moved != 3 {
			t.Errorf("counted again: n %d, moved %d", got.N, got.Moved)
		}
	})
}

// A wave too small for anything of it to be shown may grow by any number.
func TestAWaveNobodyHasSeenMayGrowByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		h.many(2, legal, agrees)
		h.close()
		id := secret.ImportedID("file", "a")
		h.exec("INSERT INTO responses (wave_id, id, department_id, band_id, language, answers) VALUES (?, ?, ?, ?, 'en', ?)",
			h.wave, id[:], legal.Department, legal.Band, `{"easier":4}`)
		h.transact(func(tx *gorm.DB) error { return tally.Recount(tx, h.q, h.wave) })
		if got := h.score(tally.Everyone, legal); got.N != 3 || got.Moved != 3 {
			t.Errorf("n %d, moved %d", got.N, got.Moved)
		}
	})
}

// After closing, not even the pages of the database keep the order in which comments arrived.
func TestClosingRewritesCommentsInRandomOrder(t *testing.T) {
	s := storetest.SQLite(t)
	h := openHall(t, s, pulse(3))
	for i := range 20 {
		id := secret.CommentID(surveys.NewReceipt(), "say")
		h.exec("INSERT INTO comments (wave_id, id, question_id, department_id, text) VALUES (?, ?, 'say', 0, ?)", h.wave, id[:], fmt.Sprintf("comment-%02d", i))
	}
	h.close()
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(s.Address().Path)
	if err != nil {
		t.Fatal(err)
	}
	type place struct {
		id string
		at int
	}
	var rows []struct {
		ID   []byte
		Text string
	}
	if err := s.Read(t.Context()).Table("comments").Find(&rows).Error; err != nil || len(rows) != 20 {
		t.Fatal(len(rows), err)
	}
	var places []place
	for _, r := range rows {
		at := bytes.Index(file, []byte(r.Text))
		if at < 0 || bytes.Count(file, []byte(r.Text)) != 1 {
			t.Fatalf("%s stands in the file %d times", r.Text, bytes.Count(file, []byte(r.Text)))
		}
		places = append(places, place{string(r.ID), at})
	}
	// SQLite fills a page from its end, so rows written in the order of their ids lie in the opposite order.
	slices.SortFunc(places, func(a, b place) int { return b.at - a.at })
	if !slices.IsSortedFunc(places, func(a, b place) int { return strings.Compare(a.id, b.id) }) {
		t.Error("the comments do not lie in the order of their random ids")
	}
}

// Five who all agree come into the figure of an open wave: it would grow by what each of them said.
func TestPeopleOfOneMindWaitForOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHall(t, s, pulse(3))
		h.many(9, legal, agrees)
		h.step()
		easier := tally.OfQuestion("easier")
		if everyone := h.score(tally.Everyone, legal).N; everyone != 6 || h.score(easier, legal).N != 0 {
			t.Fatalf("of %d people of one mind %d are told", everyone, h.score(easier, legal).N)
		}
		h.many(9, legal, doubts)
		h.step()
		if n := h.score(easier, legal).N; n != h.score(tally.Everyone, legal).N {
			t.Errorf("with others among them %d are told", n)
		}
		if found := h.findings(); len(found) > 0 {
			t.Error(found)
		}
		before := h.counts()
		if h.rebuild(); !equal(h.counts(), before) {
			t.Error("rebuilding tells something else")
		}
	})
}
