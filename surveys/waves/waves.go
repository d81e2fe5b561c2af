// Package waves keeps the runs of a survey: when each opened and closed, the links that lead to it, and the headcounts
// it was opened with.
package waves

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// LongestLabel bounds a wave's label, in characters.
const LongestLabel = 200

type waveRow struct {
	ID              surveys.WaveID `gorm:"primaryKey"`
	SurveyID        surveys.SurveyID
	QuestionnaireID surveys.QuestionnaireID
	Label           string
	State           surveys.WaveState
	OpenedAt        time.Time
	ClosedAt        *time.Time
}

func (waveRow) TableName() string { return "waves" }

func (r waveRow) wave() surveys.Wave {
	w := surveys.Wave{ID: r.ID, Survey: r.SurveyID, Questionnaire: r.QuestionnaireID, Label: r.Label, State: r.State, Opened: r.OpenedAt.UTC()}
	if r.ClosedAt != nil {
		w.Closed = r.ClosedAt.UTC()
	}
	return w
}

type linkRow struct {
	Code         string `gorm:"primaryKey"`
	WaveID       surveys.WaveID
	DepartmentID surveys.DepartmentID
}

func (linkRow) TableName() string { return "links" }

type headcountRow struct {
	WaveID       surveys.WaveID       `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
	Headcount    int
}

func (headcountRow) TableName() string { return "headcounts" }

type bandRow struct {
	WaveID       surveys.WaveID       `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
	BandID       surveys.BandID       `gorm:"primaryKey"`
	Headcount    int
}

func (bandRow) TableName() string { return "headcounts_by_band" }

// counterRow is what servers lock while they count a wave; see analytics/tally.
type counterRow struct {
	WaveID surveys.WaveID `gorm:"primaryKey"`
	Steps  int
}

func (counterRow) TableName() string { return "counters" }

// Link is a public address of a wave. Department is 0 unless the link is tied to one.
type Link struct {
	Code       string
	Wave       surveys.WaveID
	Department surveys.DepartmentID
}

// New describes a wave to be opened.
type New struct {
	Questionnaire *surveys.Questionnaire
	Label         string
	At            time.Time
	Departments   []surveys.DepartmentID // asked, with one link each; none means all, with one link for everybody
	Closes        time.Time              // zero: by hand
	Mail          bool                   // invite by e-mail
	Plan          PlanID                 // 0: without one; a planned wave has links for each department and for everybody
	Closed        bool                   // made of imported responses: never open, no links
	ByBand        people.ByBand          // how many people there are; nil takes those of the directory
}

// Open opens a wave, makes its links and freezes the departments, bands and headcounts of that day, in all and by band. It runs no hooks: a
// Runner does.
func Open(tx *gorm.DB, n New) (surveys.Wave, []Link, error) {
	const op = "waves: open"
	if n.Label == "" || !utf8.ValidString(n.Label) || utf8.RuneCountInString(n.Label) > LongestLabel {
		return surveys.Wave{}, nil, &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "a wave needs a label of 1 to 200 characters"}
	}
	row := waveRow{SurveyID: n.Questionnaire.Survey, QuestionnaireID: n.Questionnaire.ID, Label: n.Label, State: surveys.Open, OpenedAt: n.At.UTC()}
	if n.Closed {
		at := n.At.UTC()
		row.State, row.ClosedAt = surveys.Closed, &at
	}
	if err := tx.Create(&row).Error; err != nil {
		return surveys.Wave{}, nil, store.Translate(op, err)
	}
	if err := tx.Create(&counterRow{WaveID: row.ID}).Error; err != nil {
		return surveys.Wave{}, nil, store.Translate(op, err)
	}
	if n.Closed {
		return row.wave(), nil, nil // today's headcounts say nothing about responses of another day
	}
	terms := Terms{Plan: n.Plan, Departments: n.Departments, Closes: n.Closes, Mail: n.Mail}
	departments, err := freeze(tx, row.ID, terms)
	if err != nil {
		return surveys.Wave{}, nil, err
	}
	if err := freezeHeadcounts(tx, row.ID, departments); err != nil {
		return surveys.Wave{}, nil, err
	}
	if err := freezeBands(tx, row.ID, departments, n.ByBand); err != nil {
		return surveys.Wave{}, nil, err
	}
	links, err := addLinks(tx, row.ID, linked(n, departments))
	return row.wave(), links, err
}

// linked lists whom a wave has links for; 0 stands for everybody.
func linked(n New, asked []surveys.Department) []surveys.DepartmentID {
	var list []surveys.DepartmentID
	if n.Plan != 0 || len(n.Departments) == 0 {
		list = append(list, 0)
	}
	if n.Plan != 0 || len(n.Departments) > 0 {
		for _, d := range asked {
			list = append(list, d.ID)
		}
	}
	return list
}

// freezeHeadcounts keeps how many people each department has that is asked; those pooled into it count with it.
func freezeHeadcounts(tx *gorm.DB, wave surveys.WaveID, asked []surveys.Department) error {
	var rows []headcountRow
	for _, d := range asked {
		if d.Headcount > 0 {
			rows = append(rows, headcountRow{WaveID: wave, DepartmentID: d.ID, Headcount: d.Headcount})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return store.Translate("waves: headcounts", tx.Create(&rows).Error)
}

// freezeBands keeps how many people of each band the departments have that are asked. Whose band nobody knows is left out.
func freezeBands(tx *gorm.DB, wave surveys.WaveID, asked []surveys.Department, counts people.ByBand) error {
	if counts == nil {
		var err error
		if counts, err = people.CountByBand(tx); err != nil {
			return err
		}
	}
	var rows []bandRow
	for _, d := range asked {
		for band, n := range counts[d.ID] {
			if band != 0 && n > 0 {
				rows = append(rows, bandRow{WaveID: wave, DepartmentID: d.ID, BandID: band, Headcount: n})
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return store.Translate("waves: headcounts by band", tx.Create(&rows).Error)
}

// addLinks makes a link for each department; 0 stands for everybody.
func addLinks(tx *gorm.DB, wave surveys.WaveID, departments []surveys.DepartmentID) ([]Link, error) {
	rows := make([]linkRow, len(departments))
	links := make([]Link, len(departments))
	for i, d := range departments {
		rows[i] = linkRow{Code: surveys.NewCode(), WaveID: wave, DepartmentID: d}
		links[i] = Link{Code: rows[i].Code, Wave: wave, Department: d}
	}
	return links, store.Translate("waves: links", tx.Create(&rows).Error)
}

// BeginClosing ends the taking in of a wave. From the moment it commits, no response is stored for the wave; it is
// closed once its responses are recounted. Asking twice is harmless.
func BeginClosing(tx *gorm.DB, id surveys.WaveID) error {
	wave, err := ByID(store.ForUpdate(tx), id)
	if err != nil || wave.State != surveys.Open {
		return err
	}
	err = tx.Model(&waveRow{}).Where("id = ?", id).Update("state", surveys.Closing).Error
	return store.Translate("waves: close", err)
}

// FinishClosing marks a recounted wave as closed.
func FinishClosing(tx *gorm.DB, id surveys.WaveID, at time.Time) error {
	err := tx.Model(&waveRow{}).Where("id = ? AND state = ?", id, surveys.Closing).
		Updates(map[string]any{"state": surveys.Closed, "closed_at": at.UTC()}).Error
	return store.Translate("waves: close", err)
}

// ByID returns one wave.
func ByID(db *gorm.DB, id surveys.WaveID) (surveys.Wave, error) {
	var rows []waveRow
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return surveys.Wave{}, store.Translate("waves: wave", err)
	}
	if len(rows) == 0 {
		return surveys.Wave{}, &surveys.Error{Kind: surveys.NotFound, Op: "waves", Message: fmt.Sprintf("there is no wave %d", id)}
	}
	return rows[0].wave(), nil
}

// List returns waves in the order of the time axis. Survey 0 means all surveys.
func List(db *gorm.DB, survey surveys.SurveyID) ([]surveys.Wave, error) {
	q := db.Order("opened_at, id")
	if survey != 0 {
		q = q.Where("survey_id = ?", survey)
	}
	var rows []waveRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, store.Translate("waves: list", err)
	}
	list := make([]surveys.Wave, len(rows))
	for i, r := range rows {
		list[i] = r.wave()
	}
	return list, nil
}

// InState returns the waves in a state.
func InState(ctx context.Context, s *store.Store, state surveys.WaveState) ([]surveys.Wave, error) {
	return List(s.Read(ctx).Where("state = ?", state), 0)
}

// LinkByCode finds a link and its wave.
func LinkByCode(ctx context.Context, s *store.Store, code string) (Link, surveys.Wave, error) {
	var rows []linkRow
	if err := s.Read(ctx).Where("code = ?", code).Find(&rows).Error; err != nil {
		return Link{}, surveys.Wave{}, store.Translate("waves: link", err)
	}
	if len(rows) == 0 {
		return Link{}, surveys.Wave{}, &surveys.Error{Kind: surveys.NotFound, Op: "waves", Message: "there is no such link"}
	}
	wave, err := ByID(s.Read(ctx), rows[0].WaveID)
	return Link{Code: rows[0].Code, Wave: rows[0].WaveID, Department: rows[0].DepartmentID}, wave, err
}

// Headcounts returns the headcount of each department as it was when each wave opened. Departments whose
// headcount was not known are absent.
func Headcounts(db *gorm.DB, ids []surveys.WaveID) (map[surveys.WaveID]map[surveys.DepartmentID]int, error) {
	var rows []headcountRow
	if err := db.Where("wave_id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, store.Translate("waves: headcounts", err)
	}
	counts := map[surveys.WaveID]map[surveys.DepartmentID]int{}
	for _, r := range rows {
		if counts[r.WaveID] == nil {
			counts[r.WaveID] = map[surveys.DepartmentID]int{}
		}
		counts[r.WaveID][r.DepartmentID] = r.Headcount
	}
	return counts, nil
}

// HeadcountsByBand returns how many people of each band the departments had when some waves opened. A department of whose
// people no band was known is absent, as is a wave from before this was kept.
func HeadcountsByBand(db *gorm.DB, ids []surveys.WaveID) (map[surveys.WaveID]people.ByBand, error) {
	var rows []bandRow
	err := db.Where("wave_id IN ?", ids).Find(&rows).Error
	counts := map[surveys.WaveID]people.ByBand{}
	for _, r := range rows {
		if counts[r.WaveID] == nil {
			counts[r.WaveID] = people.ByBand{}
		}
		counts[r.WaveID].Add(r.DepartmentID, r.BandID, r.Headcount)
	}
	return counts, store.Translate("waves: headcounts by band", err)
}

// LinksOf lists the links of a wave, the one for everybody first.
func LinksOf(db *gorm.DB, wave surveys.WaveID) ([]Link, error) {
	var rows []linkRow
	if err := db.Where("wave_id = ?", wave).Order("department_id, code").Find(&rows).Error; err != nil {
		return nil, store.Translate("waves: links", err)
	}
	links := make([]Link, len(rows))
	for i, r := range rows {
		links[i] = Link{Code: r.Code, Wave: r.WaveID, Department: r.DepartmentID}
	}
	return links, nil
}
