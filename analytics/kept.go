package analytics

import (
	"context"
	"reflect"
	"slices"
	"sync"

	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/people"
)

// mostKept bounds the results that are kept: of the largest organisations each holds about a megabyte.
const mostKept = 24

// kept remembers results and trends of closed waves, the latest asked for last. What it remembers is the same for
// everybody, and is used only while all that it was made from still is as it was: see basis.
type kept struct {
	mu   sync.Mutex
	list []keptAnswer
}

type keptAnswer struct {
	basis  *basis
	answer any // *WaveResults or *Trend
}

// basis is all that results of closed waves are made from, or, of what was counted, marks by which a change of it shows.
type basis struct {
	ask         any // a WaveQuery or a askedTrend
	at          *state
	departments []surveys.Department
	bands       []surveys.Band
	invited     people.ByBand // of a WaveQuery; who was invited to closed waves stays, so that a trend need not ask
}

// askedTrend is what a trend is of. All else that was asked shows in the waves it comes to.
type askedTrend struct {
	construct, question string
	items               bool
	band                surveys.BandID
}

// basis reads what results of a wave are made from.
func (r *Reader) basis(ctx context.Context, at *state, ask WaveQuery) (*basis, error) {
	b := &basis{ask: ask, at: at}
	var err error
	if b.departments, err = people.Departments(ctx, r.store); err != nil {
		return nil, err
	}
	if b.bands, err = people.Bands(ctx, r.store); err != nil {
		return nil, err
	}
	invited, err := invitations.InvitedByBand(r.store.Read(ctx), []surveys.WaveID{ask.Wave})
	b.invited = invited[ask.Wave]
	return b, err
}

// lasting reports whether the waves are closed, so that results made from this are worth keeping.
func (b *basis) lasting() bool {
	return !slices.ContainsFunc(b.at.axis, func(w Wave) bool { return w.State != surveys.Closed })
}

func (k *kept) get(b *basis) (answer any, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := slices.IndexFunc(k.list, func(one keptAnswer) bool { return one.basis.ask == b.ask })
	if at < 0 || !reflect.DeepEqual(k.list[at].basis, b) {
		return nil, false
	}
	one := k.list[at]
	k.list = append(slices.Delete(k.list, at, at+1), one)
	return one.answer, true
}

func (k *kept) put(b *basis, answer any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = slices.DeleteFunc(k.list, func(one keptAnswer) bool { return one.basis.ask == b.ask })
	if len(k.list) == mostKept {
		k.list = slices.Delete(k.list, 0, 1)
	}
	k.list = append(k.list, keptAnswer{b, answer})
}
