package tally_test

import (
	"context"
	"flag"
	"reflect"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const (
	intakeStored    = intake.Stored
	intakeUnchanged = intake.Unchanged
	intakeChanged   = intake.Changed
)

// TestAnyOrderKeepsTheInvariants lets people answer, answer again, change and withdraw in any order while the wave is
// counted in steps, rebuilt, and in the end closed. After each of these: every receipt is one response; the figures
// equal a recount; and no figure, of any measure and any union of cells, differs from what readers could see at any
// earlier moment by 1 to k-1 people, unless it is marked so that the gate hides it.
func TestAnyOrderKeepsTheInvariants(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { anyOrder(t, storetest.SQLite(t), 60) })
	t.Run("mysql", func(t *testing.T) { anyOrder(t, storetest.OnMariaDB(t), 15) })
}

func anyOrder(t *testing.T, s *store.Store, cases int) {
	checks(t, cases)
	in := startIntake(t, s)
	rapid.Check(t, func(rt *rapid.T) {
		r := &room{hall: &hall{t: rt, s: s, in: in}, k: rapid.IntRange(3, 5).Draw(rt, "k")}
		departments, bands := rapid.IntRange(1, 3).Draw(rt, "departments"), rapid.IntRange(1, 3).Draw(rt, "bands")
		for d := range departments {
			for b := range bands {
				r.cells = append(r.cells, tally.Cell{Department: surveys.DepartmentID(d + 1), Band: surveys.BandID(b)})
			}
		}
		r.clear()
		r.openWave(pulse(r.k))
		rt.Repeat(map[string]func(*rapid.T){
			"":       func(*rapid.T) { r.check() },
			"arrive": r.doArrive, "crowd": r.doArrive, "retry": r.doRetry, "change": r.doChange, "regret": r.doRegret, "move": r.doMove,
			"step": r.doStep, "another step": r.doStep,
			"rebuild": func(*rapid.T) { r.rebuild() }, "step of earlier rules": r.doStepOfEarlierRules,
		})
		r.close()
		r.closed = true
		r.check()
		r.mustBeSettled()
	})
}

// checks sets how many cases the next properties try; the command line outweighs it.
func checks(t *testing.T, cases int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	if err := flag.Set(f.Name, strconv.Itoa(cases)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := flag.Set(f.Name, f.DefValue); err != nil {
			t.Error(err)
		}
	})
}

func (r *room) check() {
	r.t.Helper()
	r.observe()
	for _, finding := range r.findings() {
		r.t.Fatalf("verify: %v", finding)
	}
	r.see(r.counts())
}

func (r *room) doArrive(rt *rapid.T) {
	cell := rapid.SampledFrom(r.cells).Draw(rt, "cell")
	var answers []answer
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, answersThereAre-1), 1, 2*r.k+1).Draw(rt, "answers") {
		answers = append(answers, answerNumber(n))
	}
	r.arrive(cell, answers)
}

func (r *room) someone(rt *rapid.T) *person {
	if len(r.people) == 0 {
		rt.Skip("nobody is there")
	}
	return r.people[rapid.IntRange(0, len(r.people)-1).Draw(rt, "person")]
}

func (r *room) doRetry(rt *rapid.T) {
	p := r.someone(rt)
	got, err := r.in.Submit(context.Background(), r.wave, r.q.Document, p.reply())
	switch {
	case p.withdrawn:
		if surveys.KindOf(err) != surveys.Conflict {
			rt.Fatalf("retry of a withdrawn response: outcome %d, %v", got, err)
		}
	case err != nil || got != intakeUnchanged:
		rt.Fatalf("retry: outcome %d, %v", got, err)
	}
}

// doChange lets several people of a cell change their mind, some back to what a step has counted.
func (r *room) doChange(rt *rapid.T) {
	for range rapid.IntRange(1, r.k).Draw(rt, "changes") {
		p := r.someone(rt)
		if p.withdrawn {
			continue
		}
		if p.now = answerNumber(rapid.IntRange(0, answersThereAre-1).Draw(rt, "answer")); p.step > 0 && rapid.Bool().Draw(rt, "back") {
			p.now = p.counted
		}
		_, err := r.in.Change(context.Background(), r.wave, r.q.Document, p.reply())
		r.must(err)
	}
}

// doRegret lets people withdraw whom the same step has counted, or none has yet.
func (r *room) doRegret(rt *rapid.T) {
	first := r.someone(rt)
	many := rapid.IntRange(1, r.k+1).Draw(rt, "withdrawals")
	for _, p := range r.people {
		if p.withdrawn || p.cell != first.cell || p.step != first.step || many == 0 {
			continue
		}
		r.must(r.in.Withdraw(context.Background(), r.wave, r.q.Document, p.receipt))
		p.withdrawn = true
		many--
	}
}

// doMove sends a receipt again with another department, as after going back in the browser.
func (r *room) doMove(rt *rapid.T) {
	p := r.someone(rt)
	elsewhere := *p
	elsewhere.cell = rapid.SampledFrom(r.cells).Draw(rt, "cell")
	if elsewhere.cell == p.cell {
		rt.Skip("it is the same")
	}
	got, err := r.in.Submit(context.Background(), r.wave, r.q.Document, elsewhere.reply())
	switch {
	case p.withdrawn || p.step > 0:
		if surveys.KindOf(err) != surveys.Conflict {
			rt.Fatalf("a counted or withdrawn response moves: outcome %d, %v", got, err)
		}
	case err != nil || got != intakeChanged:
		rt.Fatalf("move: outcome %d, %v", got, err)
	default:
		p.cell = elsewhere.cell
	}
}

// mustBeSettled: nothing that comes after closing changes a figure.
func (r *room) mustBeSettled() {
	r.t.Helper()
	settled := r.counts()
	stand := func(after string) {
		r.t.Helper()
		if now := r.counts(); !reflect.DeepEqual(now, settled) {
			r.t.Fatalf("after %s the figures are %+v, and were %+v", after, now, settled)
		}
	}
	var open int
	r.must(r.s.Read(context.Background()).Raw("SELECT COUNT(*) FROM responses WHERE wave_id = ? AND (withdrawn = 1 OR frozen IS NOT NULL)", r.wave).Scan(&open).Error)
	if open > 0 {
		r.t.Fatalf("%d responses are not settled", open)
	}
	r.rebuild()
	stand("rebuilding")
	r.exec("UPDATE counters SET rules = 0")
	r.upgrade()
	stand("counting anew")
	r.close()
	stand("closing again")
	r.step()
	stand("a late step")
	for _, p := range r.people[:min(3, len(r.people))] {
		got, err := r.in.Submit(context.Background(), r.wave, r.q.Document, p.reply())
		if p.withdrawn && surveys.KindOf(err) != surveys.Ended || !p.withdrawn && (err != nil || got != intakeUnchanged) {
			r.t.Fatalf("late retry (withdrawn %v): outcome %d, %v", p.withdrawn, got, err)
		}
	}
	stand("late retries")
	r.observe()
	r.mustReadTheSame(settled)
}

// mustReadTheSame: the ways by which charts read say what is stored.
func (r *room) mustReadTheSame(c *tally.Counts) {
	r.t.Helper()
	ctx, ids := context.Background(), []surveys.WaveID{r.wave}
	takingPart := map[tally.Cell]tally.Score{}
	for key, want := range c.Scores {
		byWave, err := tally.Scores(ctx, r.s, key.Measure, ids)
		r.must(err)
		if got := byWave[r.wave][key.Cell]; got != want {
			r.t.Fatalf("%v reads as %+v, is %+v", key, got, want)
		}
		if key.Measure == tally.Everyone {
			sum := takingPart[tally.Cell{Department: key.Department}]
			takingPart[tally.Cell{Department: key.Department}] = tally.Score{N: sum.N + want.N, Moved: sum.Moved + want.Moved}
		}
	}
	got, err := tally.TakingPart(ctx, r.s, ids)
	r.must(err)
	if len(takingPart) > 0 && !reflect.DeepEqual(got[r.wave], takingPart) {
		r.t.Fatalf("taking part reads as %v, is %v", got[r.wave], takingPart)
	}
	for key, want := range c.Values {
		values, err := tally.Values(ctx, r.s, r.wave, key.Question)
		r.must(err)
		if got := values.Of(key.Cell, key.Value); got != want {
			r.t.Fatalf("%v reads as %d, is %d", key, got, want)
		}
	}
}
