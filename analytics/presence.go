package analytics

import (
	"context"
	"math"
	"slices"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

const (
	// enoughAnswered is the response rate below which a department's figures carry a warning.
	enoughAnswered = 0.6
	// mixOff is by how many points the share of a band among those who answered may differ from its share among those asked.
	mixOff = 10.0
)

// Presence is how many of a group took part in a wave, whatever they answered.
type Presence struct {
	Group       // only N and Headcount say something
	Asked   int // people who were invited, or else the headcount when the wave opened; 0: not known
	Rate    float64
	HasRate bool
	Few     bool  // fewer than 60 % of a closed wave: those who answered may not speak for the others
	Skew    *Skew // nil unless the bands are known to be off by more than ten points
}

// Skew is the band whose share among those who answered is furthest from its share among those asked.
type Skew struct {
	Band            surveys.Band
	Answered, Asked float64 // percent
}

// Warns reports whether what those who answered said may not be what the others would have said.
func (p Presence) Warns() bool { return p.Few || p.Skew != nil }

// roll is who took part in a wave, and who could have. there says of which bands a department is where nobody was invited, and
// never how many were asked.
type roll struct {
	wave           Wave
	everyone       *grid
	invited, there people.ByBand
	bands          []surveys.Band
}

// rolls reads who took part in some waves. It takes as many queries however many waves there are.
func (r *Reader) rolls(ctx context.Context, axis []Wave, headcounts map[surveys.WaveID]map[surveys.DepartmentID]int, bands []surveys.Band) ([]roll, error) {
	ids := make([]surveys.WaveID, len(axis))
	for i, w := range axis {
		ids[i] = w.ID
	}
	taken, err := tally.Scores(ctx, r.store, tally.Everyone, ids)
	if err != nil {
		return nil, err
	}
	invited, err := invitations.InvitedByBand(r.store.Read(ctx), ids)
	if err != nil {
		return nil, err
	}
	there, err := waves.HeadcountsByBand(r.store.Read(ctx), ids) // as they were at the opening, and stay
	if err != nil {
		return nil, err
	}
	list := make([]roll, len(axis))
	for i, w := range axis {
		list[i] = roll{w, single(w, tally.Everyone, taken[w.ID], headcounts[w.ID]), invited[w.ID], there[w.ID], bands}
	}
	return list, nil
}

// of tells who took part of a unit under the filters of a question, or of all units together for the zero Unit.
func (l *roll) of(ask WaveQuery, u Unit) Presence {
	department, band := ask.Department+u.Department.ID, ask.Band+u.Band.ID // a filter and a unit are never of one kind
	p := Presence{Group: l.everyone.in(ask, u), Asked: l.invited.In(department, band)}
	if p.Asked == 0 || p.Asked < p.N && p.Headcount >= p.N { // no invitations, or links beside them
		p.Asked = p.Headcount
	}
	if p.Shown() && p.Asked >= max(p.N, disclosure.ParticipationMinimum) {
		p.HasRate, p.Rate = true, float64(p.N)/float64(p.Asked)
		p.Few = p.Rate < enoughAnswered && l.wave.State == surveys.Closed
	}
	if band == 0 && p.Shown() {
		of := l.invited
		if of.In(department, 0) == 0 {
			of = l.there
		}
		p.Skew = l.skew(department, of)
	}
	return p
}

// ofUnits tells who took part of each unit.
func (l *roll) ofUnits(ask WaveQuery, units []Unit) []Presence {
	list := make([]Presence, len(units))
	for i, u := range units {
		list[i] = l.of(ask, u)
	}
	return list
}

// skew compares the bands of those who answered with the bands of those asked. It says nothing unless the gate shows
// every band in which anybody was asked, so that it never hints at a hidden one, nor where more answered than were asked:
// then they are others.
func (l *roll) skew(department surveys.DepartmentID, of people.ByBand) *Skew {
	answered, asked := map[surveys.BandID]int{}, map[surveys.BandID]int{}
	all, n := 0, 0
	for _, bands := range of {
		for band := range bands {
			if band != 0 {
				asked[band] = of.In(department, band)
			}
		}
	}
	for band, count := range asked {
		if count == 0 {
			continue
		}
		g := l.everyone.in(WaveQuery{Department: department, Band: band}, Unit{})
		if !g.Shown() {
			return nil
		}
		answered[band] = g.N
		all, n = all+count, n+g.N
	}
	if n > all {
		return nil
	}
	var worst *Skew
	for band := range answered {
		s := Skew{surveys.Band{ID: band}, 100 * float64(answered[band]) / float64(n), 100 * float64(asked[band]) / float64(all)}
		off := math.Abs(s.Answered - s.Asked)
		if off > mixOff && (worst == nil || off > math.Abs(worst.Answered-worst.Asked) || off == math.Abs(worst.Answered-worst.Asked) && band < worst.Band.ID) {
			worst = &s
		}
	}
	if worst != nil {
		if at := slices.IndexFunc(l.bands, func(b surveys.Band) bool { return b.ID == worst.Band.ID }); at >= 0 {
			worst.Band = l.bands[at]
		}
	}
	return worst
}

// reliability is that of a construct over the whole wave, once it is closed. It is told only beside figures of the construct
// and all its items that are shown, and only if nobody, or at least the minimum of people, left out some of the items:
// otherwise it would be one more equation about those few.
func (b *book) reliability(construct string) *stats.Reliability {
	doc := b.wave.Questionnaire.Document
	rule := disclosure.Rule{Minimum: doc.SmallestGroup()}
	total := b.counted.Scores[tally.OfTotal(construct)][tally.Cell{}]
	if b.wave.State != surveys.Closed || !rule.Safe(total.Aggregate()) || !b.stands(total, b.grid(construct, nil), rule) {
		return nil
	}
	var items []stats.Sums
	for _, item := range doc.Items(construct) {
		if !b.stands(total, b.grid("", item), rule) {
			return nil
		}
		items = append(items, points(b.counted.Scores[tally.OfItem(item.ID)][tally.Cell{}]))
	}
	if r, ok := stats.ReliabilityOf(items, points(total)); ok {
		return &r
	}
	return nil
}

// stands reports whether a figure of the people who answered every item may stand beside the organisation's of a measure.
func (b *book) stands(complete tally.Score, beside *grid, rule disclosure.Rule) bool {
	whole := beside.total()
	others := whole.N - complete.N
	return whole.Shown() && (others == 0 || others >= rule.Minimum)
}
