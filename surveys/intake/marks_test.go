package intake

import (
	"crypto/rand"
	"errors"
	"sync"
	"testing"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func newMark() surveys.Mark {
	var m surveys.Mark
	rand.Read(m[:])
	return m
}

func marksStored(t testing.TB, s *store.Store) int {
	t.Helper()
	return len(storetest.Rows(t, s, "SELECT mark FROM spent"))
}

// refused fails the test unless an answer was turned away because its invitation is answered.
func refused(t testing.TB, what string, err error) {
	t.Helper()
	if surveys.KindOf(err) != surveys.Conflict || !errors.Is(err, ErrAnswered) {
		t.Errorf("%s: %v, want a conflict with an earlier answer", what, err)
	}
}

func TestAnInvitationTakesOneResponse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		mark, first := newMark(), reply(4, "hello")
		once := func(m surveys.Mark, r surveys.Reply) (Outcome, error) {
			return d.SubmitOnce(t.Context(), d.wave, d.doc, r, m)
		}
		got, err := once(mark, first)
		expect(t, "first", got, err, Stored, "")
		got, err = once(mark, first)
		expect(t, "double click", got, err, Unchanged, "")
		changed := first
		changed.Answers = surveys.Answers{"easier": surveys.Number(1)}
		got, err = once(mark, changed)
		expect(t, "back button, other answers", got, err, Changed, "")
		other := reply(2, "me again")
		_, err = once(mark, other)
		refused(t, "another device", err)
		d.mustStand(other, "", nil)
		if err := d.withdraw(first.Receipt); err != nil {
			t.Fatal(err)
		}
		_, err = once(mark, other)
		refused(t, "after withdrawing", err)
		got, err = once(newMark(), other)
		expect(t, "another invitation", got, err, Stored, "")
		got, err = d.submit(reply(3))
		expect(t, "by a link", got, err, Stored, "")
		if responses, comments := stored(t, s); len(responses) != 3 || len(comments) != 1 || marksStored(t, s) != 2 {
			t.Errorf("%d responses, %d comments, %d marks", len(responses), len(comments), marksStored(t, s))
		}
	})
}

func TestAMarkCountsInItsOwnWaveOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		mark := newMark()
		for _, wave := range []surveys.WaveID{d.wave, openWave(t, s)} {
			got, err := d.SubmitOnce(t.Context(), wave, d.doc, reply(4), mark)
			expect(t, "submit", got, err, Stored, "")
		}
	})
}

func TestOfOneBatchTheFirstWithAMarkIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		mark, taken := newMark(), newMark()
		first, second, late, alone := reply(4, "first"), reply(1, "second"), reply(2), reply(5)
		waits := map[string]func() (Outcome, error){}
		waits["earlier"] = d.once(taken, reply(3))
		waits["first"] = d.once(mark, first)
		waits["second"] = d.once(mark, second)
		waits["retry"] = d.once(mark, first)
		waits["late"] = d.once(taken, late)
		waits["alone"] = d.once(newMark(), alone)
		d.resume()
		for what, want := range map[string]Outcome{"earlier": Stored, "first": Stored, "retry": Unchanged, "alone": Stored} {
			got, err := waits[what]()
			expect(t, what, got, err, want, "")
		}
		for _, what := range []string{"second", "late"} {
			_, err := waits[what]()
			refused(t, what, err)
		}
		d.mustStand(first, `{"easier":4}`, first.Texts)
		d.mustStand(second, "", nil)
		if marks := marksStored(t, s); marks != 3 {
			t.Errorf("%d marks of three invitations", marks)
		}
	})
}

func TestAResponseThatCannotBeStoredTakesNoMark(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		refuse(t, s, "poison")
		mark := newMark()
		bad, neighbour := d.once(mark, reply(1, "poison")), d.once(newMark(), reply(3, "fine"))
		d.resume()
		got, err := bad()
		expect(t, "the bad one", got, err, 0, surveys.Internal)
		got, err = neighbour()
		expect(t, "its neighbour", got, err, Stored, "")
		got, err = d.SubmitOnce(t.Context(), d.wave, d.doc, reply(1, "better"), mark)
		expect(t, "again, with another receipt", got, err, Stored, "")
	})
}

// Two devices and two servers at once: one response for each invitation, and everybody else is told why.
func TestTwoServersRacingForInvitationsStoreOneResponseEach(t *testing.T) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) {
			address := storetest.Address(t, kind)
			s := storetest.Open(t, address)
			wave := openWave(t, s)
			desks := []*desk{startDesk(t, s, wave), startDesk(t, storetest.Open(t, address), wave)}
			marks := make([]surveys.Mark, 100)
			won := make([]int, len(marks))
			var mu sync.Mutex
			var wg sync.WaitGroup
			for i := range marks {
				marks[i] = newMark()
				for c := range copies {
					wg.Go(func() {
						r := reply(1+c%5, "from a device")
						got, err := desks[c%2].SubmitOnce(t.Context(), wave, desks[0].doc, r, marks[i])
						if err != nil {
							refused(t, "a device", err)
							return
						}
						mu.Lock()
						defer mu.Unlock()
						if won[i]++; got != Stored {
							t.Errorf("outcome %d", got)
						}
					})
				}
			}
			wg.Wait()
			for i, n := range won {
				if n != 1 {
					t.Errorf("invitation %d: %d devices were thanked", i, n)
				}
			}
			responses, comments := stored(t, s)
			if len(responses) != len(marks) || len(comments) != len(marks) || marksStored(t, s) != len(marks) {
				t.Errorf("%d responses, %d comments, %d marks of %d invitations", len(responses), len(comments), marksStored(t, s), len(marks))
			}
		})
	}
}

// Another server takes the mark between this one's look and its insert.
func TestLosingTheRaceForAMarkIsARefusalNotAFailure(t *testing.T) {
	s := storetest.OnMariaDB(t) // SQLite has one writer at a time
	d := openDesk(t, s)
	mark, r := newMark(), reply(4)
	failed := make(chan error, 1)
	err := s.Transact(t.Context(), "another server", func(tx *gorm.DB) error {
		if err := tx.Create(&markRow{WaveID: d.wave, Mark: mark[:]}).Error; err != nil {
			return err
		}
		go func() {
			_, err := d.SubmitOnce(t.Context(), d.wave, d.doc, r, mark)
			failed <- err
		}()
		return untilWaiting(t, s, 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "submit", <-failed)
	d.mustStand(r, "", nil)
}

func TestTheMarksOfAWaveAreForgottenAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		other := openWave(t, s)
		mark := newMark()
		for _, wave := range []surveys.WaveID{d.wave, other} {
			if _, err := d.SubmitOnce(t.Context(), wave, d.doc, reply(4), mark); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error { return Forget(tx, d.wave) }); err != nil {
			t.Fatal(err)
		}
		for wave, want := range map[surveys.WaveID]bool{d.wave: false, other: true} {
			taken, err := Answered(s.Read(t.Context()), wave, mark)
			if err != nil || taken[mark] != want {
				t.Errorf("wave %d: %v, %v", wave, taken, err)
			}
		}
	})
}

// However a database ends in the middle, a response and its mark are there together or not at all: nobody is turned away
// from an invitation whose answer was lost, and nobody answers one twice.
func TestAKilledDatabaseLeavesNoMarkWithoutItsResponse(t *testing.T) {
	server, address := storetest.Mortal(t)
	s := storetest.Open(t, address)
	d := openDesk(t, s)
	const many = 200
	marks, replies := make([]surveys.Mark, many), make([]surveys.Reply, many)
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range jobs {
				if _, err := d.SubmitOnce(t.Context(), d.wave, d.doc, replies[i], marks[i]); err != nil && surveys.KindOf(err) != surveys.Unavailable {
					t.Errorf("an interrupted answer got %v", err)
				}
			}
		})
	}
	for i := range many {
		marks[i], replies[i] = newMark(), reply(3, "during")
		if i == many/3 {
			wg.Go(func() {
				if err := server.Kill(); err != nil {
					t.Error(err)
				}
			})
		}
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	before, _ := stored(t, s)
	if marksStored(t, s) != len(before) {
		t.Errorf("%d marks of %d responses", marksStored(t, s), len(before))
	}
	for i, r := range replies {
		if got, err := d.SubmitOnce(t.Context(), d.wave, d.doc, r, marks[i]); err != nil || got == Changed {
			t.Fatalf("sent again: outcome %d, %v", got, err)
		}
		_, err := d.SubmitOnce(t.Context(), d.wave, d.doc, reply(1), marks[i])
		refused(t, "another device, afterwards", err)
	}
	if after, _ := stored(t, s); len(after) != many || marksStored(t, s) != many {
		t.Errorf("%d responses and %d marks of %d invitations", len(after), marksStored(t, s), many)
	}
}
