package analytics

import (
	"context"
	"slices"
	"time"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/ideas"
	"soundings/surveys/milestones"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
	"soundings/surveys/waves"
)

// Standing is how a milestone stands, with the figure that says so. What is filled in depends on its measure.
type Standing struct {
	milestones.Milestone
	Target int // that holds or, of a quarter that is over, held at its end
	State  milestones.State

	Count    int            // of visits, ideas or champions
	Share    promises.Share // of promises
	Wave     *Wave          // of openness and response: the latest closed in the quarter that asked; nil for none
	Group    Group          // of openness, in Wave
	Presence Presence       // of response, in Wave
}

// Standings says how milestones stand on a day, in the order given. Whoever may read a milestone of a department may read
// that department's figures, and those of all together stand on every page: a state says nothing that these do not. It is
// made of what pages print of them, not of what is behind it; see milestones.Figure.
func (r *Reader) Standings(ctx context.Context, list []milestones.Milestone, zone *time.Location, today surveys.Day) ([]Standing, error) {
	at, err := r.ledger(ctx, list, zone, today)
	if err != nil {
		return nil, err
	}
	standings := make([]Standing, len(list))
	for i, m := range list {
		if standings[i], err = at.standing(m); err != nil {
			return nil, err
		}
	}
	return standings, nil
}

// ledger is what milestones are judged by; only what some of them need is read.
type ledger struct {
	ctx    context.Context
	reader *Reader
	zone   *time.Location
	today  surveys.Day

	visits    []visits.Visit
	promises  []promises.Promise
	ideas     []ideas.Idea
	champions []champions.Champion
	trend     *Trend // of openness
	waves     []Wave
	offered   map[surveys.WaveID]waves.Offered
	results   map[surveys.WaveID]*WaveResults
}

func (r *Reader) ledger(ctx context.Context, list []milestones.Milestone, zone *time.Location, today surveys.Day) (*ledger, error) {
	l := &ledger{ctx: ctx, reader: r, zone: zone, today: today, offered: map[surveys.WaveID]waves.Offered{}, results: map[surveys.WaveID]*WaveResults{}}
	var err error
	for _, measure := range milestones.Measures() {
		if !slices.ContainsFunc(list, func(m milestones.Milestone) bool { return m.Measure == measure }) {
			continue
		}
		switch measure {
		case milestones.Visits:
			l.visits, err = visits.List(ctx, r.store)
		case milestones.Promises:
			l.promises, err = promises.List(ctx, r.store)
		case milestones.Ideas:
			l.ideas, err = ideas.List(ctx, r.store)
		case milestones.Champions:
			l.champions, err = champions.List(ctx, r.store)
		case milestones.Openness:
			l.trend, err = r.Trend(ctx, TrendQuery{Construct: surveys.Openness})
		case milestones.Response:
			l.waves, err = r.Waves(ctx, 0)
		}
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *ledger) standing(m milestones.Milestone) (s Standing, err error) {
	s = Standing{Milestone: m, Target: m.Holds(l.today).Target}
	switch m.Measure {
	case milestones.Visits:
		s.Count = milestones.VisitsDone(l.visits, m.Quarter, m.Department)
	case milestones.Ideas:
		s.Count = milestones.IdeasAdopted(l.ideas, m.Quarter, m.Department)
	case milestones.Champions:
		s.Count = milestones.ChampionsPresent(l.champions, m.Quarter, m.Department, l.today)
	case milestones.Promises:
		s.Share = promises.ShareOf(l.promises, m.Quarter, l.today, func(p *promises.Promise) bool { return m.Department == 0 || p.Concerns(m.Department) })
		s.State = milestones.OfShare(s.Share, s.Target, m.Quarter, l.today)
		return s, nil
	case milestones.Openness:
		err = l.openness(&s)
		s.State = milestones.OfFigure(s.openness(), s.Target, m.Quarter, l.today)
		return s, err
	case milestones.Response:
		err = l.response(&s)
		s.State = milestones.OfFigure(s.response(), s.Target, m.Quarter, l.today)
		return s, err
	}
	s.State = milestones.OfCount(s.Count, s.Target, m.Quarter, l.today)
	return s, nil
}

// openness finds the latest wave closed in the quarter that asked, and its figure as the trend shows it.
func (l *ledger) openness(s *Standing) error {
	own := slices.IndexFunc(l.trend.Series, func(of Series) bool { return of.Department.ID == s.Department })
	return l.latest(s, l.trend.Waves, func(at int) (Presence, error) {
		switch {
		case s.Department == 0:
			s.Group = l.trend.Total[at]
		case own >= 0:
			s.Group, s.Presence = l.trend.Series[own].Points[at], l.trend.Series[own].Taken[at]
		}
		return Presence{Group: s.Group}, nil
	})
}

// response finds the latest wave closed in the quarter that asked, and who took part in it.
func (l *ledger) response(s *Standing) error {
	return l.latest(s, l.waves, func(at int) (Presence, error) {
		res, err := l.resultsOf(l.waves[at].ID)
		if err != nil {
			return Presence{}, err
		}
		s.Presence = res.TakenAll
		if s.Department != 0 {
			s.Presence = Presence{}
			if own := slices.IndexFunc(res.Units, func(u Unit) bool { return u.Department.ID == s.Department }); own >= 0 {
				s.Presence = res.Taken[own]
			}
		}
		return s.Presence, nil
	})
}

func (l *ledger) resultsOf(id surveys.WaveID) (res *WaveResults, err error) {
	if res = l.results[id]; res == nil {
		res, err = l.reader.WaveResults(l.ctx, WaveQuery{Wave: id, By: ByDepartment})
		l.results[id] = res
	}
	return res, err
}

// latest lets the waves closed in the quarter be read, the latest first, up to the one that asked.
func (l *ledger) latest(s *Standing, list []Wave, read func(at int) (Presence, error)) error {
	for _, at := range l.closedIn(list, s.Quarter) {
		of, err := read(at)
		if err != nil {
			return err
		}
		asked, err := l.asked(list[at], s.Department, of.Group)
		if err != nil {
			return err
		}
		if asked {
			s.Wave = &list[at]
			return nil
		}
	}
	return nil
}

// closedIn lists the waves that were closed in a quarter by the calendar of the organisation, the latest first, as indices.
func (l *ledger) closedIn(list []Wave, q visits.Quarter) (found []int) {
	for i, w := range list {
		if w.State == surveys.Closed && q.Holds(surveys.DayOf(w.Closed, l.zone)) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return list[b].Closed.Compare(list[a].Closed) })
	return found
}

// asked reports whether a wave asked a department: it was to choose from, or had people when the wave opened, or shows
// something. That nobody of it answered and that a few did come to the same, as everywhere.
func (l *ledger) asked(w Wave, d surveys.DepartmentID, of Group) (bool, error) {
	if d == 0 || of.Level != disclosure.Hidden {
		return true, nil
	}
	offered, known := l.offered[w.ID]
	if !known {
		var err error
		if offered, err = waves.OfferedIn(l.reader.store.Read(l.ctx), w.ID); err != nil {
			return false, err
		}
		l.offered[w.ID] = offered
	}
	return slices.Contains(offered.Departments, d) || !offered.Frozen && of.Headcount > 0, nil
}

// openness is the figure as pages print it: the mean and the ends of its interval, or of the half of the scale in which it
// lies where everybody of the group is alike. Without an interval, a figure of fewer than all says nothing clear.
func (s *Standing) openness() *milestones.Figure {
	g := s.Group
	switch {
	case s.Wave == nil:
		return nil
	case g.Coarse != nil:
		return &milestones.Figure{Low: printed(g.Coarse.MeanLow), High: printed(g.Coarse.MeanHigh)}
	case !g.Shown() || !g.Scored:
		return &milestones.Figure{Hidden: true}
	}
	f := &milestones.Figure{Value: printed(g.Mean), HasValue: true, Low: printed(g.Low), High: printed(g.High)}
	if !g.HasInterval {
		if f.Low, f.High = 0, 100; g.N == g.Headcount {
			f.Low, f.High = f.Value, f.Value
		}
	}
	return f
}

// response is the rate as pages print it. How many answered is known exactly, so it has no interval.
func (s *Standing) response() *milestones.Figure {
	switch {
	case s.Wave == nil:
		return nil
	case !s.Presence.Shown() || !s.Presence.HasRate:
		return &milestones.Figure{Hidden: true}
	}
	rate := printed(100 * s.Presence.Rate)
	return &milestones.Figure{Value: rate, HasValue: true, Low: rate, High: rate}
}

func printed(x float64) int { return int(stats.Whole(x)) }
