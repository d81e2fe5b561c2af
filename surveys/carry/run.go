package carry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// Terms are what whoever takes a file in has agreed to.
type Terms struct {
	NewDepartments bool // make departments that nobody knows
	Keep           bool // take in what is new although something here differs from the file, and leave that as it is
	DryRun         bool // store nothing
}

// Outcome is what came of a file, or would come of it.
type Outcome struct {
	Reports []Report // one for each kind
	Missing []string // departments that nobody knows
	Made    []string // departments that were made
}

// Added is how many entries are new here.
func (o *Outcome) Added() (n int) {
	for _, r := range o.Reports {
		n += r.Added
	}
	return n
}

// Differing is how many entries are here under the same name and say something else.
func (o *Outcome) Differing() (n int) {
	for _, r := range o.Reports {
		n += len(r.Differing)
	}
	return n
}

// Faults are those of all entries.
func (o *Outcome) Faults() (faults surveys.Faults) {
	for _, r := range o.Reports {
		faults = append(faults, r.Faults...)
	}
	return faults
}

// refusal says why nothing can be stored; nil where it can.
func (o *Outcome) refusal(terms Terms) error {
	var reasons []string
	if n := len(o.Missing); n > 0 {
		reasons = append(reasons, fmt.Sprintf("departments that nobody knows here: %d (import the departments first, or make them with --new-departments)", n))
	}
	if n := len(o.Faults()); n > 0 {
		reasons = append(reasons, fmt.Sprintf("faults: %d", n))
	}
	if n := o.Differing(); n > 0 && !terms.Keep {
		reasons = append(reasons, fmt.Sprintf("entries that differ from what is here under the same name: %d (--keep leaves these as they are here and takes in the rest)", n))
	}
	if len(reasons) == 0 {
		return nil
	}
	return &surveys.Error{Kind: surveys.Conflict, Op: "take in", Message: "nothing was stored; " + strings.Join(reasons, "; ")}
}

var errDryRun = errors.New("nothing is to be stored")

// Run takes in what rooms hold for it, in their order, all or nothing. What is here word for word stays; nothing that is here
// is ever overwritten. The outcome comes back with an error, too, if it is known.
func Run(ctx context.Context, s *store.Store, terms Terms, secret surveys.Secret, now time.Time, rooms ...func(*Into) (Report, error)) (*Outcome, error) {
	zone, err := waves.Zone(s.Read(ctx))
	if err != nil {
		return nil, err
	}
	var o *Outcome
	err = s.Transact(ctx, "take in", func(tx *gorm.DB) error {
		// Two files taken in at once would both compare with what was there before.
		if err := people.Lock(tx); err != nil {
			return err
		}
		names, err := NamesIn(tx)
		if err != nil {
			return err
		}
		in := &Into{Names: names, Tx: tx, Secret: secret, Now: now, Today: surveys.DayOf(now, zone), newDepartments: terms.NewDepartments}
		o = &Outcome{}
		for _, take := range rooms {
			report, err := take(in)
			if err != nil {
				return err
			}
			o.Reports = append(o.Reports, report)
		}
		o.Missing, o.Made = in.missing, in.made
		if err := o.refusal(terms); err != nil {
			return err
		}
		if terms.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return o, err
}
