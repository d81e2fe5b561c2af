package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/promises"
	"soundings/surveys/waves"
)

const (
	mostOpening   = 3  // promises that a survey of a department opens with
	mostOpenings  = 12 // that stand on the page of a link which is not tied to one, for all departments together
	boardPatience = time.Second
)

// boards keeps what respondents may read of promises and whether anything was decided, at most freshness old while the database answers. A database that
// does not is no reason to keep anybody from answering: then it is as it was.
type boards struct {
	server  *Server
	looking sync.Mutex // one look-up at a time
	current atomic.Pointer[board]
}

// board is what respondents may read of promises. It never changes once made.
type board struct {
	at          time.Time
	list        []promises.Promise // those that are shown
	decided     bool               // something was, of which they may read; looked up where no promise is shown
	departments []surveys.Department
	requests    []waves.Request
	openings    sync.Map // of openingKey to *opening
}

// load returns the board.
func (b *boards) load(ctx context.Context) *board {
	if now := b.current.Load(); b.fresh(now) {
		return now
	}
	b.looking.Lock()
	defer b.looking.Unlock()
	old := b.current.Load()
	if b.fresh(old) {
		return old
	}
	ctx, cancel := context.WithTimeout(ctx, boardPatience)
	defer cancel()
	made, err := b.look(ctx)
	if err != nil {
		b.server.Log.Warn("promises could not be read", "error", err)
		made = &board{}
		if old != nil {
			made = &board{list: old.list, decided: old.decided, departments: old.departments, requests: old.requests}
		}
	}
	made.at = b.server.Now()
	b.current.Store(made)
	return made
}

func (b *boards) fresh(made *board) bool {
	if made == nil {
		return false
	}
	age := b.server.Now().Sub(made.at)
	return age >= 0 && age < freshness
}

// forget makes a promise that was written here be read at once.
func (b *boards) forget() {
	if old := b.current.Load(); old != nil {
		b.current.CompareAndSwap(old, &board{list: old.list, decided: old.decided, departments: old.departments, requests: old.requests})
	}
}

func (b *boards) look(ctx context.Context) (*board, error) {
	made := &board{}
	all, err := promises.List(ctx, b.server.Store)
	if err != nil {
		return nil, err
	}
	made.list = slices.DeleteFunc(all, func(p promises.Promise) bool { return !p.Shown })
	if len(made.list) == 0 {
		told, _, err := b.server.tellable(ctx)
		if err != nil {
			return nil, err
		}
		made.decided = len(told) > 0
	}
	if made.departments, err = people.Departments(ctx, b.server.Store); err != nil || len(made.list) == 0 {
		return made, err
	}
	made.requests, err = waves.Requests(b.server.Store.Read(ctx))
	return made, err
}

// any reports whether there is something to read, as far as this server knows.
func (b *boards) any() bool {
	made := b.current.Load()
	return made != nil && made.any()
}

func (b *board) any() bool { return b.decided || len(b.list) > 0 }

// opening is what a survey opens with: the latest of what was promised since its department was asked before.
type opening struct {
	lines  []openingLine
	digest [sha256.Size]byte // equal for openings that read the same in every language
}

type openingLine struct {
	promise *promises.Promise
	all     bool                   // it stands there before somebody has chosen their department
	own     []surveys.DepartmentID // those whose survey opens with it
}

type openingKey struct {
	wave       surveys.WaveID
	department surveys.DepartmentID
	digest     [sha256.Size]byte // of the link
}

// opening is what the form of a link opens with. A link that is tied to a department has that one's. On any other stand
// those for everybody, and, for the script of the page to show, those of each department.
func (b *board) opening(l *linked) *opening {
	if len(b.list) == 0 {
		return &opening{}
	}
	key := openingKey{l.wave.ID, l.audience.Fixed, l.digest}
	if known, ok := b.openings.Load(key); ok {
		return known.(*opening)
	}
	o := &opening{}
	everybody := func(p *promises.Promise) bool { return p.Everybody }
	if d := l.audience.Fixed; d != 0 {
		o.add(promises.Latest(b.list, b.before(l.wave, d), mostOpening, func(p *promises.Promise) bool { return p.Concerns(d) }), true, 0)
	} else {
		o.add(promises.Latest(b.list, b.before(l.wave, 0), mostOpening, everybody), true, 0)
		for _, d := range l.audience.Departments {
			o.add(promises.Latest(b.list, b.before(l.wave, d.ID), mostOpening, func(p *promises.Promise) bool { return p.Concerns(d.ID) }), false, d.ID)
		}
	}
	o.lines = o.lines[:min(len(o.lines), mostOpenings)]
	h := sha256.New()
	for _, line := range o.lines {
		fmt.Fprintf(h, "%d %d %v %v\n", line.promise.ID, line.promise.Version, line.all, line.own)
	}
	o.digest = [sha256.Size]byte(h.Sum(nil))
	known, _ := b.openings.LoadOrStore(key, o)
	return known.(*opening)
}

// add takes promises in, for everybody or for a department.
func (o *opening) add(list []promises.Promise, all bool, own surveys.DepartmentID) {
	for i := range list {
		at := slices.IndexFunc(o.lines, func(line openingLine) bool { return line.promise.ID == list[i].ID })
		if at < 0 {
			at = len(o.lines)
			o.lines = append(o.lines, openingLine{promise: &list[i], all: all})
		}
		if own != 0 {
			o.lines[at].own = append(o.lines[at].own, own)
		}
	}
}

// before is when the wave before this one opened that asked a department, or, with 0, any; the zero time where there was none.
func (b *board) before(w surveys.Wave, d surveys.DepartmentID) time.Time {
	for _, r := range b.requests {
		if r.Wave != w.ID && r.Opened.Before(w.Opened) && (d == 0 || r.Department == d) {
			return r.Opened
		}
	}
	return time.Time{}
}
