package analytics

import (
	"math"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/people"
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
	Band            surveys.BandID
	Answered, Asked float64 // percent
}

// presences tells who took part: of the whole, and of each unit. there is who could have: it says of which bands a department
// is where nobody was invited, and never how many were asked.
func (b *book) presences(res *WaveResults, invited, there people.ByBand) (whole Presence, units []Presence) {
	of := func(u Unit) Presence {
		department, band := res.Ask.Department+u.Department.ID, res.Ask.Band+u.Band.ID // a filter and a unit are never of one kind
		p := Presence{Group: b.everyone.in(res.Ask, u), Asked: invited.In(department, band)}
		if p.Asked == 0 || p.Asked < p.N && p.Headcount >= p.N { // no invitations, or links beside them
			p.Asked = p.Headcount
		}
		if p.Shown() && p.Asked >= max(p.N, disclosure.ParticipationMinimum) {
			p.HasRate, p.Rate = true, float64(p.N)/float64(p.Asked)
			p.Few = p.Rate < enoughAnswered && b.wave.State == surveys.Closed
		}
		if band == 0 && p.Shown() {
			of := invited
			if of.In(department, 0) == 0 {
				of = there
			}
			p.Skew = b.skew(department, of)
		}
		return p
	}
	units = make([]Presence, len(res.Units))
	for i, u := range res.Units {
		units[i] = of(u)
	}
	return of(Unit{}), units
}

// skew compares the bands of those who answered with the bands of those asked. It says nothing unless the gate shows
// every band in which anybody was asked, so that it never hints at a hidden one, nor where more answered than were asked:
// then they are others.
func (b *book) skew(department surveys.DepartmentID, of people.ByBand) *Skew {
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
		g := b.everyone.in(WaveQuery{Department: department, Band: band}, Unit{})
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
		s := Skew{band, 100 * float64(answered[band]) / float64(n), 100 * float64(asked[band]) / float64(all)}
		off := math.Abs(s.Answered - s.Asked)
		if off > mixOff && (worst == nil || off > math.Abs(worst.Answered-worst.Asked) || off == math.Abs(worst.Answered-worst.Asked) && band < worst.Band) {
			worst = &s
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
