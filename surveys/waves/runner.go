package waves

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/store"
)

// Hook is what another room does in the very transaction that opens or closes a wave: both happen, exactly once, or
// neither. It may run again after a conflict undid it, so it has no effect outside the transaction.
type Hook func(tx *store.Tx, w surveys.Wave, t Terms) error

// Hooks are all that happens when waves open and close. ByClock, where it is set, runs in the same transaction as well, if
// the clock did it and nobody by hand.
type Hooks struct {
	Opened  []Hook
	Closed  []Hook
	ByClock func(tx *store.Tx, d Deed) error
}

// Deed is something the clock has done.
type Deed struct {
	What What
	Wave surveys.WaveID // 0 where none was opened
	Plan PlanID         // 0 where the wave is of none
}

// What is what the clock can do.
type What string

const (
	ClockOpened What = "opened"
	ClockClosed What = "closed" // it takes nothing in any more
	ClockMissed What = "missed" // an opening came to nothing; see Plan.Missed
)

func (r *Runner) tell(tx *gorm.DB, d Deed) error {
	if r.Hooks.ByClock == nil {
		return nil
	}
	return r.Hooks.ByClock(tx, d)
}

// Finish counts a wave that takes nothing in any more and marks it closed, running the hooks in the same transaction. It
// does nothing where another server has done it. See tally.Close, which is this.
type Finish func(ctx context.Context, q *surveys.Questionnaire, wave surveys.WaveID, at time.Time, closed ...Hook) error

// Runner opens and closes waves, by the clock and by hand. Several may work on one database.
type Runner struct {
	Store   *store.Store
	Catalog *catalog.Catalog
	Finish  Finish
	Hooks   Hooks
	Now     func() time.Time
}

// Open opens a wave now and runs the hooks. The links are those of Open.
func (r *Runner) Open(ctx context.Context, n New) (wave surveys.Wave, links []Link, err error) {
	n.At = r.Now()
	err = r.Store.Transact(ctx, "waves: open", func(tx *gorm.DB) (err error) {
		wave, links, err = r.open(tx, n)
		return err
	})
	return wave, links, err
}

func (r *Runner) open(tx *gorm.DB, n New) (surveys.Wave, []Link, error) {
	wave, links, err := Open(tx, n)
	if err != nil {
		return wave, nil, err
	}
	return wave, links, run(tx, wave, r.Hooks.Opened)
}

func run(tx *gorm.DB, wave surveys.Wave, hooks []Hook) error {
	terms, err := TermsOf(tx, wave.ID)
	if err != nil {
		return err
	}
	for _, hook := range hooks {
		if err := hook(tx, wave, terms); err != nil {
			return err
		}
	}
	return nil
}

// RunClosed runs hooks for a wave that has just been closed. It is for a Finish.
func RunClosed(tx *gorm.DB, id surveys.WaveID, hooks []Hook) error {
	wave, err := ByID(tx, id)
	if err != nil {
		return err
	}
	return run(tx, wave, hooks)
}

// OpenPlan opens the first wave of a draft now, whatever its date. It closes when the plan says, or, where that has gone
// by, as long after the opening as was planned. A plan that recurs goes on with its next date.
func (r *Runner) OpenPlan(ctx context.Context, id PlanID) (wave surveys.Wave, err error) {
	err = r.withPlan(ctx, id, func(tx *gorm.DB, p Plan, q *surveys.Questionnaire, zone *time.Location) error {
		if p.State != Draft {
			return &surveys.Error{Kind: surveys.Conflict, Op: "waves: open plan", Message: "the plan is no draft any more"}
		}
		now := LocalOf(r.Now(), zone)
		closes := instant(p.Closes, zone)
		if !closes.IsZero() && !closes.After(r.Now()) {
			closes = instant(p.ClosesOf(now), zone)
		}
		if wave, err = r.openRun(tx, p, q, now, closes); err != nil {
			return err
		}
		return p.advance(tx, later(now, p.Opens))
	})
	return wave, err
}

func later(a, b Local) Local { return max(a, b) }

// instant is when the clocks show a time, and zero for no time.
func instant(l Local, zone *time.Location) time.Time {
	if l == "" {
		return time.Time{}
	}
	return l.In(zone)
}

// withPlan locks a plan and runs fn with the latest questionnaire of its survey.
func (r *Runner) withPlan(ctx context.Context, id PlanID, fn func(*gorm.DB, Plan, *surveys.Questionnaire, *time.Location) error) error {
	p, err := PlanByID(r.Store.Read(ctx), id)
	if err != nil {
		return err
	}
	q, err := r.Catalog.Newest(ctx, p.Survey)
	if err != nil {
		return err
	}
	zone, err := Zone(r.Store.Read(ctx))
	if err != nil {
		return err
	}
	return r.Store.Transact(ctx, "waves: plan", func(tx *gorm.DB) error {
		p, err := PlanByID(store.ForUpdate(tx), id)
		if err != nil {
			return err
		}
		return fn(tx, p, q, zone)
	})
}

func (r *Runner) openRun(tx *gorm.DB, p Plan, q *surveys.Questionnaire, opens Local, closes time.Time) (surveys.Wave, error) {
	wave, _, err := r.open(tx, New{Questionnaire: q, Label: p.LabelOf(opens), At: r.Now(), Departments: p.Departments,
		Closes: closes, Mail: p.Mail, Plan: p.ID})
	return wave, err
}

// advance sets a plan to its next opening after a time, or ends it.
func (p Plan) advance(tx *gorm.DB, after Local) error {
	p.State, p.Next = Ended, ""
	if next := p.After(after, 1); p.Every != Once && len(next) == 1 {
		p.State, p.Next = Scheduled, next[0]
	}
	return p.update(tx)
}

// Once opens the plans that are due and closes the waves whose time has come. What fails is tried again the next time,
// and keeps nothing else from happening.
func (r *Runner) Once(ctx context.Context) error {
	plans, err := Plans(ctx, r.Store, Scheduled)
	if err != nil {
		return err
	}
	zone, err := Zone(r.Store.Read(ctx))
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range plans {
		if !p.Next.In(zone).After(r.Now()) {
			errs = append(errs, r.openDue(ctx, p.ID))
		}
	}
	ids, err := overdue(r.Store.Read(ctx), r.Now())
	errs = append(errs, err)
	for _, id := range ids {
		errs = append(errs, r.closeIf(ctx, id, true))
	}
	return errors.Join(errs...)
}

// openDue opens what a plan should have opened by now: one wave, however many openings went by while no server ran, with
// the closing time of the latest of them. Where that has gone by too, or where none of the departments can be asked any
// more, the opening has been missed.
func (r *Runner) openDue(ctx context.Context, id PlanID) error {
	return r.withPlan(ctx, id, func(tx *gorm.DB, p Plan, q *surveys.Questionnaire, zone *time.Location) error {
		now := LocalOf(r.Now(), zone)
		if p.State != Scheduled || p.Next.In(zone).After(r.Now()) {
			return nil // another server was faster
		}
		opens := p.Next
		for due := range p.runs {
			if due > now {
				break
			}
			opens = later(opens, due)
		}
		closes := instant(p.ClosesOf(opens), zone)
		_, err := p.Askable(tx)
		nobody := surveys.KindOf(err) == surveys.Invalid
		if err != nil && !nobody {
			return err
		}
		p.Missed = ""
		did := Deed{What: ClockOpened, Plan: p.ID}
		if nobody || !closes.IsZero() && !closes.After(r.Now()) {
			p.Missed, did.What = opens, ClockMissed
		} else {
			wave, err := r.openRun(tx, p, q, opens, closes)
			if err != nil {
				return err
			}
			did.Wave = wave.ID
		}
		if err := r.tell(tx, did); err != nil {
			return err
		}
		return p.advance(tx, later(now, opens))
	})
}

// Close ends the taking in of a wave, counts it, and runs the hooks. Closing a closed wave does nothing; one that was
// interrupted goes on.
func (r *Runner) Close(ctx context.Context, id surveys.WaveID) error {
	return r.closeIf(ctx, id, false)
}

// closeIf closes a wave; by the clock only if its time has come and nobody has begun to close it.
func (r *Runner) closeIf(ctx context.Context, id surveys.WaveID, byClock bool) error {
	var wave surveys.Wave
	wanted := false
	err := r.Store.Transact(ctx, "waves: close", func(tx *gorm.DB) error {
		var err error
		if wave, err = ByID(store.ForUpdate(tx), id); err != nil {
			return err
		}
		terms, err := TermsOf(tx, id)
		wanted = !byClock || wave.State == surveys.Open && !terms.Closes.After(r.Now())
		if err != nil || !wanted {
			return err // somebody has just extended it
		}
		if byClock {
			if err := r.tell(tx, Deed{ClockClosed, id, terms.Plan}); err != nil {
				return err
			}
		}
		return BeginClosing(tx, id)
	})
	if err != nil || !wanted {
		return err
	}
	q, err := r.Catalog.Questionnaire(ctx, wave.Questionnaire)
	if err != nil {
		return err
	}
	return r.Finish(ctx, q, id, r.Now(), r.Hooks.Closed...)
}

// Extend sets when an open wave closes. It must lie ahead. A wave that has been closed meanwhile is an Ended error.
func (r *Runner) Extend(ctx context.Context, id surveys.WaveID, until time.Time) error {
	const op = "waves: extend"
	return r.Store.Transact(ctx, op, func(tx *gorm.DB) error {
		wave, err := ByID(store.ForUpdate(tx), id)
		switch {
		case err != nil:
			return err
		case wave.State != surveys.Open:
			return &surveys.Error{Kind: surveys.Ended, Op: op, Message: "the wave is closed"}
		case !until.After(r.Now()):
			return &surveys.Error{Kind: surveys.Invalid, Op: op, Faults: surveys.Faults{fault("until", "past", "lies in the past")}}
		}
		offered, err := OfferedIn(tx, id)
		if err != nil {
			return err
		}
		if !offered.Frozen { // from before terms were kept
			_, err := freeze(tx, id, Terms{Closes: until})
			return err
		}
		return store.Translate(op, tx.Model(&termsRow{}).Where("wave_id = ?", id).Update("closes_at", until.UTC()).Error)
	})
}
