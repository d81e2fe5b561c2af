package intake

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/shareddata"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestAcknowledgedMeansCommitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		for i := range 20 {
			r := reply(1+i%5, "first", "second")
			got, err := d.submit(r)
			expect(t, "submit", got, err, Stored, "")
			d.mustStand(r, `{"easier":`+string(rune('1'+i%5))+`}`, map[string]string{"say": "first", "when": "second"})
		}
	})
}

func TestARetryIsTheSameResponse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		r := reply(4, "hello")
		got, err := d.submit(r)
		expect(t, "first", got, err, Stored, "")
		for range 3 {
			got, err = d.submit(r)
			expect(t, "retry", got, err, Unchanged, "")
		}
		closeWave(t, s, d.wave)
		got, err = d.submit(r)
		expect(t, "retry after closing", got, err, Unchanged, "")
		if responses, comments := stored(t, s); len(responses) != 1 || len(comments) != 1 {
			t.Errorf("%d responses and %d comments of one receipt", len(responses), len(comments))
		}
	})
}

func TestOtherAnswersWithTheSameReceiptAreAChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		r := reply(4, "hello", "May")
		got, err := d.submit(r)
		expect(t, "first", got, err, Stored, "")

		r.Answers = surveys.Answers{"easier": surveys.Number(2)}
		got, err = d.submit(r)
		expect(t, "other answers", got, err, Changed, "")
		d.mustStand(r, `{"easier":2}`, map[string]string{"say": "hello", "when": "May"})

		r.Texts = map[string]string{"say": "goodbye"}
		got, err = d.change(r)
		expect(t, "other comments", got, err, Changed, "")
		d.mustStand(r, `{"easier":2}`, map[string]string{"say": "goodbye"})

		r.Department, r.Band = 5, 0
		got, err = d.submit(r)
		expect(t, "another department", got, err, Changed, "")
		d.mustStand(r, `{"easier":2}`, map[string]string{"say": "goodbye"})

		r.Texts = nil
		got, err = d.submit(r)
		expect(t, "no comments", got, err, Changed, "")
		d.mustStand(r, `{"easier":2}`, nil)
		got, err = d.submit(r)
		expect(t, "and the retry of that", got, err, Unchanged, "")

		closeWave(t, s, d.wave)
		r.Answers = surveys.Answers{"easier": surveys.Number(1)}
		got, err = d.submit(r)
		expect(t, "submitted after closing", got, err, 0, surveys.Ended)
		got, err = d.change(r)
		expect(t, "changed after closing", got, err, 0, surveys.Ended)
		d.mustStand(r, `{"easier":2}`, nil)
	})
}

// A change by receipt keeps the department and band the response was given with; a step may have counted it there.
func TestAChangeByReceiptKeepsItsDepartment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		r := reply(4, "hello")
		got, err := d.submit(r)
		expect(t, "first", got, err, Stored, "")
		moved := r
		moved.Department, moved.Band, moved.Texts = 9, 9, map[string]string{"say": "hello", "when": "June"}
		got, err = d.change(moved)
		expect(t, "change", got, err, Changed, "")
		d.mustStand(r, `{"easier":4}`, moved.Texts)
	})
}

// The columns step and frozen belong to counting: the intake must keep for it what it has counted.
func TestWhatIsCountedIsKeptUntilTheWaveCloses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		frozen := func(r surveys.Reply) string {
			t.Helper()
			row, err := d.row(t.Context(), r.Receipt)
			if err != nil {
				t.Fatal(err)
			}
			if row.Frozen == nil {
				return ""
			}
			return *row.Frozen
		}
		r, regretted, uncounted := reply(4, "hello"), reply(5), reply(4)
		for _, r := range []surveys.Reply{r, regretted, uncounted} {
			got, err := d.submit(r)
			expect(t, "first", got, err, Stored, "")
		}
		pool, err := s.Pool()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []surveys.Reply{r, regretted} {
			id := secret.ResponseID(r.Receipt)
			if _, err := pool.ExecContext(t.Context(), "UPDATE responses SET step = 1 WHERE id = ?", id[:]); err != nil {
				t.Fatal(err)
			}
		}

		r.Texts = nil
		got, err := d.change(r)
		expect(t, "other comments", got, err, Changed, "")
		if frozen(r) != "" {
			t.Errorf("equal answers are frozen as %s", frozen(r))
		}
		for _, answer := range []int{2, 3, 4} {
			r.Answers = surveys.Answers{"easier": surveys.Number(answer)}
			got, err = d.change(r)
			expect(t, "other answers", got, err, Changed, "")
			if frozen(r) != `{"easier":4}` {
				t.Errorf("frozen is %q, but 4 was counted", frozen(r))
			}
		}
		elsewhere := r
		elsewhere.Department = 8
		got, err = d.submit(elsewhere)
		expect(t, "another department", got, err, 0, surveys.Conflict)
		d.mustStand(r, `{"easier":4}`, nil)

		for _, r := range []surveys.Reply{r, regretted, uncounted} {
			if err := d.withdraw(r.Receipt); err != nil {
				t.Fatal(err)
			}
			d.mustStand(r, `{}`, nil)
		}
		if frozen(r) != `{"easier":4}` || frozen(regretted) != `{"easier":5}` || frozen(uncounted) != "" {
			t.Errorf("withdrawn: frozen is %q and %q, and %q of the one not counted", frozen(r), frozen(regretted), frozen(uncounted))
		}
	})
}

func TestAReceiptOfAnotherWaveIsAConflictAndStoresNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := openDesk(t, s), openWave(t, s)
		r := reply(4, "hello")
		got, err := d.submit(r)
		expect(t, "first", got, err, Stored, "")
		again := reply(1, "elsewhere", "elsewhere")
		again.Receipt = r.Receipt
		got, err = d.Submit(t.Context(), other, d.doc, again)
		expect(t, "submit", got, err, 0, surveys.Conflict)
		got, err = d.Change(t.Context(), other, d.doc, again)
		expect(t, "change", got, err, 0, surveys.Conflict)
		err = d.Withdraw(t.Context(), other, d.doc, r.Receipt)
		expect(t, "withdraw", 0, err, 0, surveys.Conflict)
		closeWave(t, s, other)
		got, err = d.Submit(t.Context(), other, d.doc, again)
		expect(t, "submit when that one is closed", got, err, 0, surveys.Conflict)
		d.mustStand(r, `{"easier":4}`, r.Texts)
	})
}

func TestAClosedOrUnknownWaveTakesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		closeWave(t, s, d.wave)
		got, err := d.submit(reply(4, "late"))
		expect(t, "closed", got, err, 0, surveys.Ended)
		got, err = d.Submit(t.Context(), d.wave+1000, d.doc, reply(4, "lost"))
		expect(t, "unknown", got, err, 0, surveys.NotFound)
		got, err = d.change(reply(4))
		expect(t, "change of nothing", got, err, 0, surveys.NotFound)
		expect(t, "withdrawing nothing", 0, d.withdraw(surveys.NewReceipt()), 0, surveys.NotFound)
		if responses, comments := stored(t, s); len(responses)+len(comments) != 0 {
			t.Errorf("stored %d responses and %d comments", len(responses), len(comments))
		}
	})
}

func TestWithdrawnStaysWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		r := reply(4, "hello", "May")
		got, err := d.submit(r)
		expect(t, "first", got, err, Stored, "")
		for range 2 {
			if err := d.withdraw(r.Receipt); err != nil {
				t.Errorf("withdraw: %v", err)
			}
			d.mustStand(r, `{}`, nil)
		}
		got, err = d.submit(r)
		expect(t, "late retry of the original", got, err, 0, surveys.Conflict)
		got, err = d.change(r)
		expect(t, "change", got, err, 0, surveys.Conflict)
		d.mustStand(r, `{}`, nil)
		found, err := d.Lookup(t.Context(), r.Receipt, d.doc)
		if err != nil || !found.Withdrawn || len(found.Reply.Answers)+len(found.Reply.Texts) != 0 {
			t.Errorf("looked up: %+v, %v", found, err)
		}
		kept := reply(1, "stays")
		got, err = d.submit(kept)
		expect(t, "another", got, err, Stored, "")
		closeWave(t, s, d.wave)
		expect(t, "withdraw after closing", 0, d.withdraw(kept.Receipt), 0, surveys.Ended)
		d.mustStand(kept, `{"easier":1}`, kept.Texts)
	})
}

func TestAReceiptLooksUpItsResponse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		r, other := reply(4, "hello", "May"), reply(1, "mine")
		r.Answers["when"] = surveys.Picked("w1", surveys.OtherOption)
		for _, r := range []surveys.Reply{r, other} {
			got, err := d.submit(r)
			expect(t, "submit", got, err, Stored, "")
		}
		found, err := d.Lookup(t.Context(), r.Receipt, d.doc)
		if err != nil || found.Wave != d.wave || found.Withdrawn || !reflect.DeepEqual(found.Reply, r) {
			t.Errorf("got %+v, %v; want %+v", found, err, r)
		}
		wave, err := d.Wave(t.Context(), r.Receipt)
		if err != nil || wave != d.wave {
			t.Errorf("wave %d, %v", wave, err)
		}
		if _, err := d.Lookup(t.Context(), surveys.NewReceipt(), d.doc); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("unknown receipt: %v", err)
		}
		if _, err := d.Wave(t.Context(), surveys.NewReceipt()); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("wave of an unknown receipt: %v", err)
		}
	})
}

func TestCommentsCanBeDeletedAtAnyTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := openDesk(t, s)
		r, other := reply(4, "hello", "May"), reply(1, "mine", "June")
		for _, r := range []surveys.Reply{r, other} {
			got, err := d.submit(r)
			expect(t, "submit", got, err, Stored, "")
		}
		closeWave(t, s, d.wave)
		for range 2 {
			if err := d.DeleteComments(t.Context(), r.Receipt, d.doc); err != nil {
				t.Errorf("delete: %v", err)
			}
			d.mustStand(r, `{"easier":4}`, nil)
		}
		d.mustStand(other, `{"easier":1}`, other.Texts)
	})
}

func TestNaughtyCommentsAreStoredExactly(t *testing.T) {
	naughty := []string{"\x00", "a\x00b", "'; DROP TABLE comments;--", `\`, `\'`, "\u202e", "🙈", strings.Repeat("🙈", surveys.LongestText), "?", ":name", "%s", "\r", "trailing  "}
	if path, ok := shareddata.Find(t, "nasty/blns.txt"); ok {
		all, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		naughty = append(naughty, strings.Split(string(all), "\n")...)
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := pausedDesk(t, s, openWave(t, s), DefaultQueue)
		replies := make([]surveys.Reply, len(naughty))
		waits := make([]func() (Outcome, error), len(naughty))
		for i, text := range naughty {
			replies[i] = reply(3, text, text)
			waits[i] = d.later(submit, d.wave, replies[i])
		}
		d.resume()
		for _, wait := range waits {
			got, err := wait()
			expect(t, "submit", got, err, Stored, "")
		}
		for i, text := range naughty {
			found, err := d.Lookup(t.Context(), replies[i].Receipt, d.doc)
			if err != nil || found.Reply.Texts["say"] != text || found.Reply.Texts["when"] != text {
				t.Errorf("%q is stored as %q (%v)", text, found.Reply.Texts, err)
			}
			got, err := d.submit(replies[i])
			expect(t, "retry of "+text, got, err, Unchanged, "")
		}
	})
}
