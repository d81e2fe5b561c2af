package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// commits counts the transactions of the intake: each begins by reading its waves.
func commits(t testing.TB, s *store.Store) *int {
	t.Helper()
	n := new(int)
	count := func(db *gorm.DB) {
		if db.Statement.Table == "waves" {
			*n++
		}
	}
	err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
		return errors.Join(tx.Callback().Row().Before("gorm:row").Register("count "+t.Name(), count),
			tx.Callback().Query().Before("gorm:query").Register("count "+t.Name(), count))
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatArrivesTogetherIsCommittedTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		n := commits(t, s)
		var waits []func() (Outcome, error)
		for range 2*gatherMost + 10 {
			waits = append(waits, d.later(submit, d.wave, reply(3, "text")))
		}
		d.resume()
		for _, wait := range waits {
			got, err := wait()
			expect(t, "submit", got, err, Stored, "")
		}
		if *n != 3 {
			t.Errorf("%d transactions for %d submissions, want 3", *n, len(waits))
		}
		if responses, comments := stored(t, s); len(responses) != len(waits) || len(comments) != len(waits) {
			t.Errorf("%d responses and %d comments of %d", len(responses), len(comments), len(waits))
		}
	})
}

func TestOneBatchIsHandledInTheOrderItCame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		closed, other := openWave(t, s), openWave(t, s)
		closeWave(t, s, closed)
		a, b, c := reply(4, "hello"), reply(5, "from b"), reply(2, "from c")
		changed := a
		changed.Answers = surveys.Answers{"easier": surveys.Number(1)}
		type sent struct {
			what  string
			verb  verb
			wave  surveys.WaveID
			reply surveys.Reply
			want  Outcome
			kind  surveys.ErrorKind
		}
		list := []sent{
			{"first", submit, d.wave, a, Stored, ""},
			{"double click", submit, d.wave, a, Unchanged, ""},
			{"other answers", submit, d.wave, changed, Changed, ""},
			{"their retry", submit, d.wave, changed, Unchanged, ""},
			{"change by receipt", change, d.wave, a, Changed, ""},
			{"receipt in another wave", submit, other, a, 0, surveys.Conflict},
			{"withdraw", withdraw, d.wave, a, Withdrawn, ""},
			{"withdraw twice", withdraw, d.wave, a, Withdrawn, ""},
			{"retry when withdrawn", submit, d.wave, a, 0, surveys.Conflict},
			{"a receipt that nobody knows yet", withdraw, d.wave, b, 0, surveys.NotFound},
			{"changed too soon", change, d.wave, b, 0, surveys.NotFound},
			{"and now it is given", submit, d.wave, b, Stored, ""},
			{"sent to a closed wave", submit, closed, c, 0, surveys.Ended},
			{"sent to no wave", submit, closed + 1000, c, 0, surveys.NotFound},
			{"sent to the open one", submit, d.wave, c, Stored, ""},
		}
		waits := make([]func() (Outcome, error), len(list))
		for i, s := range list {
			waits[i] = d.later(s.verb, s.wave, s.reply)
		}
		d.resume()
		for i, s := range list {
			got, err := waits[i]()
			expect(t, s.what, got, err, s.want, s.kind)
		}
		d.mustStand(a, `{}`, nil)
		d.mustStand(b, `{"easier":5}`, b.Texts)
		d.mustStand(c, `{"easier":2}`, c.Texts)
		if responses, _ := stored(t, s); len(responses) != 3 {
			t.Errorf("%d responses of three receipts", len(responses))
		}
	})
}

// refuse makes the database refuse a comment.
func refuse(t testing.TB, s *store.Store, text string) {
	t.Helper()
	trigger := "CREATE TRIGGER refuse BEFORE INSERT ON comments WHEN NEW.text = '" + text + "' BEGIN SELECT RAISE(ABORT, 'refused'); END"
	if s.Dialect() == store.MySQL {
		trigger = `CREATE TRIGGER refuse BEFORE INSERT ON comments FOR EACH ROW BEGIN
			DECLARE words TEXT DEFAULT CONCAT('refused: ', NEW.text);
			IF NEW.text = '` + text + `' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = words; END IF; END`
	}
	pool, err := s.Pool()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.ExecContext(t.Context(), trigger); err != nil {
		t.Fatal(err)
	}
}

func TestOneBadRowNeverFailsItsNeighbours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		refuse(t, s, "poison")
		n := commits(t, s)
		bad := reply(1, "poison")
		var good []surveys.Reply
		var waits []func() (Outcome, error)
		var failed func() (Outcome, error)
		for i := range gatherMost {
			if i == 77 {
				failed = d.later(submit, d.wave, bad)
				continue
			}
			good = append(good, reply(3, "fine", "too"))
			waits = append(waits, d.later(submit, d.wave, good[len(good)-1]))
		}
		d.resume()
		got, err := failed()
		expect(t, "the bad one", got, err, 0, surveys.Internal)
		for i, wait := range waits {
			got, err := wait()
			expect(t, "a neighbour", got, err, Stored, "")
			d.mustStand(good[i], `{"easier":3}`, good[i].Texts)
		}
		d.mustStand(bad, "", nil)
		if responses, comments := stored(t, s); len(responses) != len(good) || len(comments) != 2*len(good) {
			t.Errorf("%d responses and %d comments of %d", len(responses), len(comments), len(good))
		}
		// Each transaction waits for the disk, and all who wait share one time limit.
		if *n > 20 {
			t.Errorf("one bad row of %d cost %d transactions", gatherMost, *n)
		}
		got, err = d.submit(good[0])
		expect(t, "retry of a neighbour", got, err, Unchanged, "")
	})
}

func TestAChangeThatCannotBeStoredLeavesWhatWasThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		refuse(t, s, "poison")
		first, neighbour := reply(4, "hello"), reply(2, "fine")
		worse := first
		worse.Answers, worse.Texts = surveys.Answers{"easier": surveys.Number(1)}, map[string]string{"say": "poison"}
		waits := []func() (Outcome, error){d.later(submit, d.wave, first), d.later(change, d.wave, worse), d.later(submit, d.wave, neighbour)}
		d.resume()
		got, err := waits[0]()
		expect(t, "first", got, err, Stored, "")
		got, err = waits[1]()
		expect(t, "change", got, err, 0, surveys.Internal)
		got, err = waits[2]()
		expect(t, "neighbour", got, err, Stored, "")
		d.mustStand(first, `{"easier":4}`, first.Texts)
		d.mustStand(neighbour, `{"easier":2}`, neighbour.Texts)
	})
}

// A statement has a limit of values, 32,766 on SQLite and 65,535 on MySQL, and a full batch of talkative people exceeds it.
func TestAFullBatchOfLongRepliesIsOneTransaction(t *testing.T) {
	doc := &surveys.Document{}
	for i := range surveys.MostQuestions {
		doc.Questions = append(doc.Questions, surveys.Question{ID: fmt.Sprint("q", i), Kind: surveys.Text})
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		d.doc = doc
		n := commits(t, s)
		var waits []func() (Outcome, error)
		for range gatherMost {
			r := surveys.Reply{Receipt: surveys.NewReceipt(), Language: "en", Texts: map[string]string{}}
			for _, q := range doc.Questions {
				r.Texts[q.ID] = strings.Repeat("words ", 5)
			}
			waits = append(waits, d.later(submit, d.wave, r))
		}
		d.resume()
		for _, wait := range waits {
			got, err := wait()
			expect(t, "submit", got, err, Stored, "")
		}
		if *n != 1 {
			t.Errorf("%d transactions, want one", *n)
		}
		if _, comments := stored(t, s); len(comments) != gatherMost*surveys.MostQuestions {
			t.Errorf("%d comments", len(comments))
		}
	})
}

func TestAFullQueueRefusesAtOnceAndLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), 3)
		var waits []func() (Outcome, error)
		for range 3 {
			waits = append(waits, d.later(submit, d.wave, reply(3)))
		}
		if d.Waiting() != 3 {
			t.Errorf("%d wait, want 3", d.Waiting())
		}
		// Nothing is being written, so if these waited, they would wait for ever.
		refused := reply(4)
		got, err := d.submit(refused)
		expect(t, "submit", got, err, 0, surveys.Unavailable)
		got, err = d.change(refused)
		expect(t, "change", got, err, 0, surveys.Unavailable)
		expect(t, "withdraw", 0, d.withdraw(refused.Receipt), 0, surveys.Unavailable)
		d.resume()
		for _, wait := range waits {
			got, err := wait()
			expect(t, "accepted", got, err, Stored, "")
		}
		got, err = d.submit(refused)
		expect(t, "sent again", got, err, Stored, "")
		if responses, _ := stored(t, s); len(responses) != 4 {
			t.Errorf("%d responses, want 4", len(responses))
		}
	})
}

func TestClosingDrainsWhatWaitsAndRefusesMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		var waits []func() (Outcome, error)
		for range gatherMost + 5 {
			waits = append(waits, d.later(submit, d.wave, reply(3)))
		}
		d.resume()
		d.Close()
		if responses, _ := stored(t, s); len(responses) != len(waits) {
			t.Errorf("%d of %d responses are stored when Close returns", len(responses), len(waits))
		}
		for _, wait := range waits {
			got, err := wait()
			expect(t, "accepted before", got, err, Stored, "")
		}
		got, err := d.submit(reply(3))
		expect(t, "after", got, err, 0, surveys.Unavailable)
		d.Close() // twice is harmless
	})
}

// Whoever stops waiting is told to try again; what they sent may be stored all the same, and the retry finds it.
func TestGivingUpWaitingLosesNothing(t *testing.T) {
	s := storetest.SQLite(t)
	d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := reply(3)
	got, err := d.Submit(ctx, d.wave, d.doc, r)
	expect(t, "submit", got, err, 0, surveys.Unavailable)
	d.resume()
	got, err = d.submit(r)
	expect(t, "retry", got, err, Unchanged, "")
}

// Databases keep traces of the order in which rows were written: within a page, in their logs. It must not be the order
// in which people answered, and a response and its comments must not stand at the same place of both orders.
func TestRowsAreWrittenInTheOrderOfTheirRandomIds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		written := map[string][][]byte{}
		err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
			return tx.Callback().Create().Before("gorm:create").Register("note order", func(db *gorm.DB) {
				switch rows := db.Statement.Dest.(type) {
				case *[]responseRow:
					for _, r := range *rows {
						written["responses"] = append(written["responses"], r.ID)
					}
				case *[]commentRow:
					for _, r := range *rows {
						written["comments"] = append(written["comments"], r.ID)
					}
				case *[]markRow:
					for _, r := range *rows {
						written["marks"] = append(written["marks"], r.Mark)
					}
				}
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		const many = 100
		var waits []func() (Outcome, error)
		for range many {
			waits = append(waits, d.once(newMark(), reply(3, "one", "two")))
		}
		d.resume()
		for _, wait := range waits {
			got, err := wait()
			expect(t, "submit", got, err, Stored, "")
		}
		for table, n := range map[string]int{"responses": many, "comments": 2 * many, "marks": many} {
			if ids := written[table]; len(ids) != n || !slices.IsSortedFunc(ids, bytes.Compare) {
				t.Errorf("%d %s are not written in the order of their ids", len(ids), table)
			}
		}
	})
}
