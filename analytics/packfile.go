package analytics

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"soundings/analytics/brief"
	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/document"
	"soundings/surveys/history"
	"soundings/surveys/promises"
	"soundings/surveys/visits"
)

// packVersion is the layout of a document. What is written once is read for ever: a later layout gets the next number
// and readers of both.
const packVersion = 4

// What the second layout added: what happened, and what was measured elsewhere before a trend. The third: whose comments
// belong to the pack. The fourth: briefs.

type packFile struct {
	Version        int                 `json:"version"`
	Title          string              `json:"title"`
	Meeting        surveys.Day         `json:"meeting"`
	MadeBy         string              `json:"made_by"`
	MadeAt         time.Time           `json:"made_at"`
	Changes        []changeFile        `json:"changes"`
	Departments    []nameFile          `json:"departments"`
	Bands          []nameFile          `json:"bands"`
	Marks          []markFile          `json:"marks,omitempty"`
	Questionnaires []questionnaireFile `json:"questionnaires"`
	Parts          []partFile          `json:"waves"`
	Quoted         surveys.WaveID      `json:"comments_of,omitzero"`
	Briefs         []brief.Brief       `json:"briefs,omitempty"`
}

type nameFile struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type changeFile struct {
	ID          changes.ID             `json:"id"`
	Name        string                 `json:"name"`
	Language    string                 `json:"language"`
	Title       string                 `json:"title"`
	Titles      map[string]string      `json:"titles,omitempty"` // in other languages
	Everybody   bool                   `json:"everybody"`
	Departments []surveys.DepartmentID `json:"departments,omitempty"`
	SuggestedBy []string               `json:"suggested_by,omitempty"` // names of departments
	Stage       changes.Stage          `json:"stage"`
	Since       surveys.Day            `json:"since"`
	GoLive      surveys.Day            `json:"go_live,omitempty"`
}

// questionnaireFile holds the questions in the canonical form of a survey document.
type questionnaireFile struct {
	ID       surveys.QuestionnaireID `json:"id"`
	Survey   surveys.SurveyID        `json:"survey"`
	Version  int                     `json:"version"`
	Document string                  `json:"document"`
	Versions map[string]int          `json:"versions"`
}

type waveFile struct {
	ID            surveys.WaveID          `json:"id"`
	Survey        surveys.SurveyID        `json:"survey"`
	Questionnaire surveys.QuestionnaireID `json:"questionnaire"`
	Label         string                  `json:"label"`
	State         surveys.WaveState       `json:"state"`
	Opened        string                  `json:"opened"`
	Closed        string                  `json:"closed,omitempty"`
}

type partFile struct {
	Wave     waveFile               `json:"wave"`
	Before   *waveFile              `json:"before,omitempty"`
	Units    []surveys.DepartmentID `json:"departments"` // those that the lists below are in the order of
	TakenAll presenceFile           `json:"answered"`
	Taken    []presenceFile         `json:"answered_by_department"`
	Measures []measuredFile         `json:"measures"`
	Trend    *trendFile             `json:"trend,omitempty"`
	Earlier  *earlierFile           `json:"earlier,omitempty"`
}

type markFile struct {
	Kind        MarkKind               `json:"kind"`
	Date        surveys.Day            `json:"date"`
	Text        string                 `json:"text"`
	Departments []surveys.DepartmentID `json:"departments,omitempty"`
	Everybody   bool                   `json:"everybody,omitzero"`
	Change      changes.ID             `json:"change,omitzero"`
	Visit       visits.ID              `json:"visit,omitzero"`
	Promise     promises.ID            `json:"promise,omitzero"`
}

type earlierFile struct {
	Scale   history.Scale    `json:"scale"`
	Periods []history.Period `json:"periods"`
	Lines   []pastLineFile   `json:"lines"`
}

type pastLineFile struct {
	Department surveys.DepartmentID `json:"department,omitzero"`
	Everybody  bool                 `json:"everybody,omitzero"`
	Name       string               `json:"name"`
	Names      []string             `json:"names"`
	Points     []pastFile           `json:"points"`
}

// pastFile is one earlier result; without a level, there is none.
type pastFile struct {
	Level  string            `json:"level,omitempty"`
	Reason disclosure.Reason `json:"reason,omitempty"`
	Value  float64           `json:"value,omitzero"`
	N      int               `json:"n,omitzero"`
	Parts  int               `json:"parts,omitzero"`
}

type presenceFile struct {
	Group   groupFile `json:"group"`
	Asked   int       `json:"asked,omitzero"`
	Rate    float64   `json:"rate,omitzero"`
	HasRate bool      `json:"has_rate,omitzero"`
	Few     bool      `json:"few,omitzero"`
	Skew    *skewFile `json:"skew,omitempty"`
}

type skewFile struct {
	Band     surveys.BandID `json:"band"`
	Answered float64        `json:"answered"`
	Asked    float64        `json:"asked"`
}

type measuredFile struct {
	Construct   string           `json:"construct,omitempty"`
	Question    string           `json:"question,omitempty"`
	Comparison  string           `json:"comparison"`
	Total       toldFile         `json:"all"`
	Units       []toldFile       `json:"by_department"`
	Reliability *reliabilityFile `json:"reliability,omitempty"`
}

type reliabilityFile struct {
	Value   float64 `json:"value"`
	Items   int     `json:"items"`
	Persons int     `json:"persons"`
	Few     bool    `json:"few"`
}

type toldFile struct {
	Group    groupFile    `json:"group"`
	Change   changedFile  `json:"change,omitzero"`
	Favoured changedFile  `json:"favourable_change,omitzero"`
	Options  []optionFile `json:"options,omitempty"`
}

type changedFile struct {
	Verdict    stats.Verdict `json:"verdict"`
	Difference float64       `json:"difference,omitzero"`
	Low        float64       `json:"low,omitzero"`
	High       float64       `json:"high,omitzero"`
	P          float64       `json:"p,omitzero"`
	Smallest   float64       `json:"smallest,omitzero"`
}

type shareFile struct {
	Count       int     `json:"count"`
	Percent     float64 `json:"percent"`
	Low         float64 `json:"low,omitzero"`
	High        float64 `json:"high,omitzero"`
	HasInterval bool    `json:"has_interval,omitzero"`
}

type rankFile struct {
	Mean        float64 `json:"mean"`
	Low         float64 `json:"low,omitzero"`
	High        float64 `json:"high,omitzero"`
	HasInterval bool    `json:"has_interval,omitzero"`
	N           int     `json:"n"`
}

type optionFile struct {
	ID     string      `json:"id"`
	Share  shareFile   `json:"share"`
	Rank   *rankFile   `json:"rank,omitempty"`
	Change changedFile `json:"change,omitzero"`
}

type trendFile struct {
	Construct string      `json:"construct"`
	Waves     []waveFile  `json:"waves"`
	Total     []groupFile `json:"all"`
	Lines     []lineFile  `json:"lines"`
}

type lineFile struct {
	Department surveys.DepartmentID `json:"department"`
	Points     []groupFile          `json:"points"`
}

type groupFile struct {
	Level       string            `json:"level"`
	Reason      disclosure.Reason `json:"reason,omitempty"`
	N           int               `json:"n,omitzero"`
	Headcount   int               `json:"headcount,omitzero"`
	Scored      bool              `json:"scored,omitzero"`
	Mean        float64           `json:"mean,omitzero"`
	SD          float64           `json:"sd,omitzero"`
	HasSD       bool              `json:"has_sd,omitzero"`
	Low         float64           `json:"low,omitzero"`
	High        float64           `json:"high,omitzero"`
	HasInterval bool              `json:"has_interval,omitzero"`
	Favourable  float64           `json:"favourable,omitzero"` // percent
	Favour      int               `json:"favourable_people,omitzero"`
	Against     int               `json:"unfavourable_people,omitzero"`
	Recommend   *recommendFile    `json:"recommend,omitempty"`
	Counts      map[string]int    `json:"counts,omitempty"`
	Coarse      *coarseFile       `json:"coarse,omitempty"`
}

type recommendFile struct {
	Score float64 `json:"score"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

type coarseFile struct {
	MeanLow  float64         `json:"mean_low,omitzero"`
	MeanHigh float64         `json:"mean_high,omitzero"`
	Side     disclosure.Side `json:"side,omitzero"`
	Percent  int             `json:"percent,omitzero"`
	HasShare bool            `json:"has_share,omitzero"`
}

var (
	levelNames      = [...]string{disclosure.Hidden: "hidden", disclosure.Coarse: "coarse", disclosure.Shown: "shown"}
	comparisonNames = [...]string{FirstTime: "first", Changed: "changed", Compared: "compared"}
)

// Document is the pack as it is kept: JSON that ReadPack reads back, figure by figure the same.
func (p *Pack) Document() ([]byte, error) {
	f := packFile{Version: packVersion, Title: p.Title, Meeting: p.Meeting, MadeBy: p.Made.By, MadeAt: p.Made.At.UTC(), Quoted: p.Quoted}
	for _, c := range p.Changes {
		f.Changes = append(f.Changes, changeToFile(&c, p.Suggested[c.ID]))
	}
	for _, d := range p.Departments {
		f.Departments = append(f.Departments, nameFile{int64(d.ID), d.Name})
	}
	for _, b := range p.Bands {
		f.Bands = append(f.Bands, nameFile{int64(b.ID), b.Name})
	}
	for _, m := range p.Marks {
		f.Marks = append(f.Marks, markFile{m.Kind, surveys.DayOf(m.Date, time.UTC), m.Text, m.Departments, m.Everybody, m.Change, m.Visit, m.Promise})
	}
	for _, part := range p.Parts {
		f.Parts = append(f.Parts, partToFile(part))
		if err := f.know(part.questionnaires()); err != nil {
			return nil, err
		}
	}
	for _, b := range p.Briefs {
		f.Briefs = append(f.Briefs, b.Brief)
		if b.Questionnaire == nil {
			continue
		}
		if err := f.know([]*surveys.Questionnaire{b.Questionnaire}); err != nil {
			return nil, err
		}
	}
	encoded, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("analytics: pack: %w", err)
	}
	return encoded, nil
}

// know adds the questionnaires that the document lacks.
func (f *packFile) know(list []*surveys.Questionnaire) error {
	for _, q := range list {
		if slices.ContainsFunc(f.Questionnaires, func(known questionnaireFile) bool { return known.ID == q.ID }) {
			continue
		}
		source, err := document.Format(q.Document)
		if err != nil {
			return err
		}
		f.Questionnaires = append(f.Questionnaires, questionnaireFile{q.ID, q.Survey, q.Version, string(source), q.Versions})
	}
	return nil
}

// questionnaires are those of the part's waves.
func (part PackPart) questionnaires() []*surveys.Questionnaire {
	list := []*surveys.Questionnaire{part.Results.Wave.Questionnaire}
	if before := part.Results.Before; before != nil {
		list = append(list, before.Questionnaire)
	}
	if part.Trend != nil {
		for _, w := range part.Trend.Waves {
			list = append(list, w.Questionnaire)
		}
	}
	return list
}

func encodePart(part PackPart) ([]byte, error) {
	part.Beginning = nil // it was not measured by the wave
	encoded, err := json.Marshal(partToFile(part))
	if err != nil {
		return nil, fmt.Errorf("analytics: pack: %w", err)
	}
	return encoded, nil
}

func changeToFile(c *changes.Change, suggested []string) changeFile {
	now := c.Now()
	f := changeFile{ID: c.ID, Name: c.Name, Language: c.Language, Title: c.Title, Everybody: c.Everybody, Departments: c.Departments, SuggestedBy: suggested,
		Stage: now.Stage, Since: now.On, GoLive: c.GoLive}
	for lang, t := range c.Translations {
		if f.Titles == nil {
			f.Titles = map[string]string{}
		}
		f.Titles[lang] = t.Title
	}
	return f
}

func waveToFile(w Wave) waveFile {
	return waveFile{w.ID, w.Survey, w.Wave.Questionnaire, w.Label, w.State, dated(w.Opened), dated(w.Closed)}
}

func partToFile(part PackPart) partFile {
	res := part.Results
	f := partFile{Wave: waveToFile(res.Wave), TakenAll: presenceToFile(res.TakenAll)}
	if res.Before != nil {
		before := waveToFile(*res.Before)
		f.Before = &before
	}
	for i, u := range res.Units {
		f.Units, f.Taken = append(f.Units, u.Department.ID), append(f.Taken, presenceToFile(res.Taken[i]))
	}
	for _, m := range res.Measures {
		one := measuredFile{Construct: m.Construct, Comparison: comparisonNames[m.Comparison], Total: toldToFile(m.Total), Reliability: (*reliabilityFile)(m.Reliability)}
		if m.Question != nil {
			one.Question = m.Question.ID
		}
		for _, t := range m.Units {
			one.Units = append(one.Units, toldToFile(t))
		}
		f.Measures = append(f.Measures, one)
	}
	if part.Trend != nil {
		f.Trend = trendToFile(part.Trend)
	}
	if part.Beginning != nil {
		f.Earlier = earlierToFile(part.Beginning)
	}
	return f
}

// earlierToFile writes what may be told, and of what may not only why.
func earlierToFile(i *Imported) *earlierFile {
	f := &earlierFile{Scale: i.Scale, Periods: i.Periods}
	for _, l := range i.Lines {
		one := pastLineFile{Department: l.Department.ID, Everybody: l.Everybody, Name: l.Name, Names: l.Names}
		for _, p := range l.Points {
			var past pastFile
			switch {
			case p.Shown():
				past = pastFile{Level: levelNames[p.Level], Value: p.Value, N: p.N, Parts: p.Parts}
			case p.Measured:
				past = pastFile{Level: levelNames[p.Level], Reason: p.Reason}
			}
			one.Points = append(one.Points, past)
		}
		f.Lines = append(f.Lines, one)
	}
	return f
}

func trendToFile(t *Trend) *trendFile {
	f := &trendFile{Construct: t.Construct}
	for i, w := range t.Waves {
		f.Waves, f.Total = append(f.Waves, waveToFile(w)), append(f.Total, groupToFile(t.Total[i]))
	}
	for _, line := range t.Series {
		one := lineFile{Department: line.Department.ID}
		for _, g := range line.Points {
			one.Points = append(one.Points, groupToFile(g))
		}
		f.Lines = append(f.Lines, one)
	}
	return f
}

func presenceToFile(p Presence) presenceFile {
	f := presenceFile{groupToFile(p.Group), p.Asked, p.Rate, p.HasRate, p.Few, nil}
	if s := p.Skew; s != nil {
		f.Skew = &skewFile{s.Band.ID, s.Answered, s.Asked}
	}
	return f
}

func toldToFile(t Told) toldFile {
	f := toldFile{Group: groupToFile(t.Group), Change: changedFile(t.Change), Favoured: changedFile(t.Favoured)}
	for _, o := range t.Options {
		f.Options = append(f.Options, optionFile{o.ID, shareFile(o.Share), (*rankFile)(o.Rank), changedFile(o.Change)})
	}
	return f
}

func groupToFile(g Group) groupFile {
	f := groupFile{Level: levelNames[g.Level], Reason: g.Reason, N: g.N, Headcount: g.Headcount, Scored: g.Scored, Mean: g.Mean, SD: g.SD, HasSD: g.HasSD,
		Low: g.Low, High: g.High, HasInterval: g.HasInterval, Favourable: g.Favourable, Favour: g.favourable, Against: g.unfavourable,
		Recommend: (*recommendFile)(g.Recommend), Counts: g.Counts}
	if c := g.Coarse; c != nil {
		f.Coarse = &coarseFile{c.MeanLow, c.MeanHigh, c.Share.Side, c.Share.Percent, c.HasShare}
	}
	return f
}
