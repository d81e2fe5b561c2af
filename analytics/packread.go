package analytics

import (
	"encoding/json"
	"fmt"
	"slices"

	"soundings/analytics/brief"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/document"
)

// ReadPack reads a document. What it returns is shown and drawn like results read today; it cannot be compared with others
// anew, for which it holds too little.
func ReadPack(source []byte) (*Pack, error) {
	var f packFile
	if err := json.Unmarshal(source, &f); err != nil {
		return nil, fmt.Errorf("analytics: pack: %w", err)
	}
	if f.Version < 1 || f.Version > packVersion {
		return nil, fmt.Errorf("analytics: pack: a document of version %d, this program reads up to %d", f.Version, packVersion)
	}
	r := &packReader{departments: map[surveys.DepartmentID]surveys.Department{}, questionnaires: map[surveys.QuestionnaireID]*surveys.Questionnaire{}}
	p := &Pack{Title: f.Title, Meeting: f.Meeting, Made: surveys.Stamp{By: f.MadeBy, At: f.MadeAt}, Quoted: f.Quoted}
	for _, c := range f.Changes {
		p.Changes = append(p.Changes, changeFromFile(c))
		if len(c.SuggestedBy) > 0 {
			if p.Suggested == nil {
				p.Suggested = map[changes.ID][]string{}
			}
			p.Suggested[c.ID] = c.SuggestedBy
		}
	}
	for _, d := range f.Departments {
		department := surveys.Department{ID: surveys.DepartmentID(d.ID), Name: d.Name}
		p.Departments, r.departments[department.ID] = append(p.Departments, department), department
	}
	for _, b := range f.Bands {
		p.Bands = append(p.Bands, surveys.Band{ID: surveys.BandID(b.ID), Name: b.Name})
	}
	r.bands = p.Bands
	for _, q := range f.Questionnaires {
		doc, err := document.Parse([]byte(q.Document))
		if err != nil {
			return nil, err
		}
		r.questionnaires[q.ID] = &surveys.Questionnaire{ID: q.ID, Survey: q.Survey, Version: q.Version, Document: doc, Versions: q.Versions}
	}
	for _, m := range f.Marks {
		p.Marks = append(p.Marks, Mark{m.Kind, m.Date.Time(), m.Text, m.Departments, m.Everybody, m.Change, m.Visit, m.Promise})
	}
	for _, part := range f.Parts {
		p.Parts = append(p.Parts, r.part(part))
	}
	for _, b := range f.Briefs {
		p.Briefs = append(p.Briefs, r.brief(b))
	}
	return p, r.err
}

func (r *packReader) brief(b brief.Brief) *Brief {
	read := &Brief{Brief: b}
	if b.Wave != nil {
		if read.Questionnaire = r.questionnaires[b.Wave.Questionnaire]; read.Questionnaire == nil {
			r.fail("the questions of a brief of wave %d are missing", b.Wave.ID)
		}
	}
	return read
}

// packReader turns the parts of a document back, and keeps the first fault.
type packReader struct {
	departments    map[surveys.DepartmentID]surveys.Department
	questionnaires map[surveys.QuestionnaireID]*surveys.Questionnaire
	bands          []surveys.Band
	err            error
}

func (r *packReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("analytics: pack: "+format, args...)
	}
}

func changeFromFile(f changeFile) changes.Change {
	c := changes.Change{ID: f.ID, Name: f.Name, Language: f.Language, Text: changes.Text{Title: f.Title}, Everybody: f.Everybody, Departments: f.Departments,
		GoLive: f.GoLive, History: []changes.Entry{{Stage: f.Stage, On: f.Since}}, Translations: map[string]changes.Translation{}}
	for lang, title := range f.Titles {
		c.Translations[lang] = changes.Translation{Text: changes.Text{Title: title}}
	}
	return c
}

func (r *packReader) wave(f waveFile) Wave {
	w := Wave{Wave: surveys.Wave{ID: f.ID, Survey: f.Survey, Questionnaire: f.Questionnaire, Label: f.Label, State: f.State}, Questionnaire: r.questionnaires[f.Questionnaire]}
	var err error
	if w.Opened, err = undated(f.Opened); err != nil {
		r.fail("wave %d: %w", f.ID, err)
	}
	if w.Closed, err = undated(f.Closed); err != nil {
		r.fail("wave %d: %w", f.ID, err)
	}
	if w.Questionnaire == nil {
		r.fail("the questions of wave %d are missing", f.ID)
		w.Questionnaire = &surveys.Questionnaire{Document: &surveys.Document{}}
	}
	return w
}

func (r *packReader) part(f partFile) PackPart {
	res := &WaveResults{Wave: r.wave(f.Wave), Ask: WaveQuery{Wave: f.Wave.ID, By: ByDepartment}, TakenAll: r.presence(f.TakenAll)}
	if f.Before != nil {
		before := r.wave(*f.Before)
		res.Before = &before
	}
	for _, id := range f.Units {
		res.Units = append(res.Units, Unit{Department: r.departments[id]})
	}
	for _, t := range f.Taken {
		res.Taken = append(res.Taken, r.presence(t))
	}
	for _, m := range f.Measures {
		res.Measures = append(res.Measures, r.measured(m, res.Wave, len(f.Units)))
	}
	if len(f.Taken) != len(f.Units) {
		r.fail("wave %d lacks figures", f.Wave.ID)
	}
	part := PackPart{Results: res}
	if f.Trend != nil {
		part.Trend = r.trend(f.Trend)
	}
	if f.Earlier != nil {
		part.Beginning = r.earlier(f.Earlier)
	}
	return part
}

func (r *packReader) measured(f measuredFile, w Wave, units int) Measured {
	m := Measured{Construct: f.Construct, Comparison: Comparison(max(0, slices.Index(comparisonNames[:], f.Comparison))), Total: r.told(f.Total), Reliability: (*stats.Reliability)(f.Reliability)}
	if f.Question != "" {
		q, ok := w.Questionnaire.Document.Question(f.Question)
		if !ok {
			r.fail("wave %d has no question %q", w.ID, f.Question)
		}
		m.Question = q
	}
	for _, t := range f.Units {
		m.Units = append(m.Units, r.told(t))
	}
	if len(f.Units) != units {
		r.fail("wave %d lacks figures", w.ID)
	}
	return m
}

func (r *packReader) trend(f *trendFile) *Trend {
	t := &Trend{Construct: f.Construct}
	for _, w := range f.Waves {
		t.Waves = append(t.Waves, r.wave(w))
	}
	t.Total = r.groups(f.Total, len(f.Waves))
	for _, line := range f.Lines {
		t.Series = append(t.Series, Series{Department: r.departments[line.Department], Points: r.groups(line.Points, len(f.Waves))})
	}
	return t
}

func (r *packReader) earlier(f *earlierFile) *Imported {
	i := &Imported{Scale: f.Scale, Periods: f.Periods}
	for _, l := range f.Lines {
		line := PastLine{Department: r.departments[l.Department], Everybody: l.Everybody, Name: l.Name, Names: l.Names}
		for _, p := range l.Points {
			if p.Level == "" {
				line.Points = append(line.Points, Past{})
				continue
			}
			line.Points = append(line.Points, Past{Measured: true, Decision: disclosure.Decision{Level: r.level(p.Level), Reason: p.Reason}, Value: p.Value, N: p.N, Parts: p.Parts})
		}
		if len(l.Points) != len(f.Periods) {
			r.fail("earlier results of %d periods have %d points", len(f.Periods), len(l.Points))
		}
		i.Lines = append(i.Lines, line)
	}
	return i
}

func (r *packReader) groups(files []groupFile, waves int) []Group {
	if len(files) != waves {
		r.fail("a trend of %d waves has %d points", waves, len(files))
	}
	list := make([]Group, len(files))
	for i, f := range files {
		list[i] = r.group(f)
	}
	return list
}

func (r *packReader) presence(f presenceFile) Presence {
	p := Presence{r.group(f.Group), f.Asked, f.Rate, f.HasRate, f.Few, nil}
	if s := f.Skew; s != nil {
		p.Skew = &Skew{surveys.Band{ID: s.Band}, s.Answered, s.Asked}
		if at := slices.IndexFunc(r.bands, func(b surveys.Band) bool { return b.ID == s.Band }); at >= 0 {
			p.Skew.Band = r.bands[at]
		}
	}
	return p
}

func (r *packReader) told(f toldFile) Told {
	t := Told{Group: r.group(f.Group), Change: Change(f.Change), Favoured: Change(f.Favoured)}
	for _, o := range f.Options {
		t.Options = append(t.Options, OptionTold{o.ID, Share(o.Share), (*Rank)(o.Rank), Change(o.Change)})
	}
	return t
}

func (r *packReader) level(name string) disclosure.Level {
	level := slices.Index(levelNames[:], name)
	if level < 0 {
		r.fail("a group is %q", name)
	}
	return disclosure.Level(max(0, level))
}

func (r *packReader) group(f groupFile) Group {
	g := Group{Level: r.level(f.Level), Reason: f.Reason, N: f.N, Headcount: f.Headcount, Scored: f.Scored, Mean: f.Mean, SD: f.SD, HasSD: f.HasSD,
		Low: f.Low, High: f.High, HasInterval: f.HasInterval, Favourable: f.Favourable, favourable: f.Favour, unfavourable: f.Against,
		Recommend: (*Recommend)(f.Recommend), Counts: f.Counts}
	if c := f.Coarse; c != nil {
		g.Coarse = &Coarse{c.MeanLow, c.MeanHigh, disclosure.Bound{Side: c.Side, Percent: c.Percent}, c.HasShare}
	}
	return g
}
