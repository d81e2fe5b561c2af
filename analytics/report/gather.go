package report

import (
	"context"
	"slices"
	"time"

	"soundings/analytics"
	"soundings/surveys"
)

// Gathered is everything that results may tell of some waves of one survey. All of it has passed the gate: it is what the
// pages show, read by the same reader.
type Gathered struct {
	Waves  []*analytics.WaveResults // by department, in the order of the time axis
	Bands  []*analytics.WaveResults // the same waves by band
	Trends []*analytics.Trend       // of each construct, over all waves of the survey until the last of these
	Trials [][]analytics.Trial      // two texts tried on departments, by wave; none where they were not gathered
}

// Gather reads the results of waves of one survey as far as they are within a scope.
func Gather(ctx context.Context, r *analytics.Reader, list []analytics.Wave, scope Scope) (*Gathered, error) {
	g := &Gathered{}
	for _, w := range list {
		for _, by := range []analytics.By{analytics.ByDepartment, analytics.ByBand} {
			res, err := r.WaveResults(ctx, analytics.WaveQuery{Wave: w.ID, By: by})
			if err != nil {
				return nil, err
			}
			if by == analytics.ByBand {
				g.Bands = append(g.Bands, res)
			} else {
				g.Waves = append(g.Waves, res.Only(scope.includes))
			}
		}
	}
	if err := g.readTrials(ctx, r, scope); err != nil {
		return nil, err
	}
	return g, g.readTrends(ctx, r, scope)
}

func (g *Gathered) readTrials(ctx context.Context, r *analytics.Reader, scope Scope) error {
	for _, res := range g.Waves {
		list, err := r.TrialsOf(ctx, res.Wave.ID)
		if err != nil {
			return err
		}
		g.Trials = append(g.Trials, slices.DeleteFunc(list, func(t analytics.Trial) bool { return !scope.includes(t.Department.ID) }))
	}
	return nil
}

func (g *Gathered) readTrends(ctx context.Context, r *analytics.Reader, scope Scope) error {
	if len(g.Waves) == 0 {
		return nil
	}
	last := g.last().Wave
	for _, construct := range last.Questionnaire.Document.ConstructIDs() {
		t, err := r.Trend(ctx, analytics.TrendQuery{Construct: construct, Survey: last.Survey})
		if err != nil {
			return err
		}
		if t = until(t, last.ID).Only(scope.includes); len(t.Waves) > 0 {
			g.Trends = append(g.Trends, t)
		}
	}
	return nil
}

// last is the newest wave.
func (g *Gathered) last() *analytics.WaveResults { return g.Waves[len(g.Waves)-1] }

// until leaves out the waves after one, so that a file about a wave does not speak of later ones.
func until(t *analytics.Trend, last surveys.WaveID) *analytics.Trend {
	at := slices.IndexFunc(t.Waves, func(w analytics.Wave) bool { return w.ID == last })
	if at < 0 {
		return t // its results wait for its closing
	}
	some := *t
	some.Waves, some.Total, some.Taken = t.Waves[:at+1], t.Total[:at+1], t.Taken[:at+1]
	some.Series = nil
	for _, s := range t.Series {
		s.Points, s.Taken = s.Points[:at+1], s.Taken[:at+1]
		some.Series = append(some.Series, s)
	}
	return &some
}

// OfPack is what a planning pack holds of one wave: figures as they were when it was made, none by band.
func OfPack(part analytics.PackPart) *Gathered {
	res := part.Results
	g := &Gathered{Waves: []*analytics.WaveResults{res}, Bands: []*analytics.WaveResults{{Wave: res.Wave, Ask: analytics.WaveQuery{Wave: res.Wave.ID, By: analytics.ByBand}}}}
	if part.Trend != nil {
		g.Trends = []*analytics.Trend{part.Trend}
	}
	return g
}

// PackSheet adds a sheet that says which pack the figures are of: its title, day and maker, and the checksum of its
// document.
func PackSheet(p *analytics.Pack, checksum string) Part {
	return Part{"pack", func(b *Workbook) error {
		say := b.words.Say
		s, err := b.sheet(say("pack"), []column{{"", 30, plain}, {"", 70, wrapped}})
		if err != nil {
			return err
		}
		for _, row := range [][]any{{cell{say("pack_title"), bold}, p.Title}, {say("pack_meeting"), cell{dayOf(p.Meeting.Time(), time.UTC), dated}}, {say("pack_maker"), p.Made.By},
			{say("pack_made"), cell{dayOf(p.Made.At, b.words.Zone), dated}}, {say("pack_checksum"), checksum}, {say("pack_frozen")}} {
			if err := s.add(row...); err != nil {
				return err
			}
		}
		return s.end()
	}}
}

// BriefLine is a sentence of a brief in a pack.
type BriefLine struct {
	Change, Department string
	Number             int
	Text, Where        string
}

// BriefSheet has what the briefs of a pack say, a sentence a line.
func BriefSheet(lines []BriefLine) Part {
	return Part{"briefs", func(b *Workbook) error {
		say := b.words.Say
		s, err := b.sheet(say("briefs"), []column{{say("brief_change"), 30, wrapped}, {say("brief_department"), 24, plain}, {say("brief_number"), 8, plain}, {say("brief_says"), 90, wrapped}, {say("brief_where"), 34, wrapped}})
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := s.add(l.Change, l.Department, l.Number, l.Text, l.Where); err != nil {
				return err
			}
		}
		return s.end()
	}}
}
