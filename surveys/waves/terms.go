package waves

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// Terms are what was agreed for a wave when it opened. Extending it moves Closes; the rest never changes.
type Terms struct {
	Plan        PlanID                 // 0: opened without one
	Departments []surveys.DepartmentID // asked; none means all
	Closes      time.Time              // zero: closed by hand
	Mail        bool                   // people are invited by e-mail
}

type termsRow struct {
	WaveID    surveys.WaveID `gorm:"primaryKey;autoIncrement:false"`
	PlanID    PlanID
	Everybody bool
	ClosesAt  *time.Time
	Mail      bool
}

func (termsRow) TableName() string { return "wave_terms" }

func (r termsRow) terms() Terms {
	t := Terms{Plan: r.PlanID, Mail: r.Mail}
	if r.ClosesAt != nil {
		t.Closes = r.ClosesAt.UTC()
	}
	return t
}

// Offered is what respondents of a wave choose from: the departments and bands as they were when it opened. A wave from
// before this was kept is not Frozen and offers what there is.
type Offered struct {
	Frozen      bool
	Departments []surveys.DepartmentID
	Bands       []surveys.BandID
}

type offeredRow struct {
	WaveID       surveys.WaveID       `gorm:"primaryKey"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey"`
}

func (offeredRow) TableName() string { return "wave_departments" }

// freeze keeps the terms of a wave, and the departments and bands of this day. It gives the departments that are asked:
// a department that is pooled is asked as the one it counts with.
func freeze(tx *gorm.DB, wave surveys.WaveID, t Terms) ([]surveys.Department, error) {
	const op = "waves: freeze"
	row := termsRow{WaveID: wave, PlanID: t.Plan, Everybody: len(t.Departments) == 0, Mail: t.Mail}
	if !t.Closes.IsZero() {
		at := t.Closes.UTC()
		row.ClosesAt = &at
	}
	if err := tx.Create(&row).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	asked, err := asked(tx, t.Departments)
	if err != nil {
		return nil, err
	}
	rows := make([]offeredRow, len(asked))
	for i, d := range asked {
		rows[i] = offeredRow{wave, d.ID}
	}
	if len(rows) > 0 {
		if err := tx.Create(&rows).Error; err != nil {
			return nil, store.Translate(op, err)
		}
	}
	err = tx.Exec("INSERT INTO wave_bands (wave_id, band_id) SELECT ?, id FROM bands", wave).Error
	return asked, store.Translate(op, err)
}

// asked lists those of the departments that can be asked, in their order; all of them, by name, if none are given.
func asked(tx *gorm.DB, departments []surveys.DepartmentID) ([]surveys.Department, error) {
	offered, err := people.OfferedIn(tx)
	if err != nil || len(departments) == 0 {
		return offered, err
	}
	pools, err := people.PoolsIn(tx)
	if err != nil {
		return nil, err
	}
	var list []surveys.Department
	for _, id := range pools.Targets(departments) {
		if i := slices.IndexFunc(offered, func(d surveys.Department) bool { return d.ID == id }); i >= 0 {
			list = append(list, offered[i])
		}
	}
	if len(list) == 0 {
		return nil, &surveys.Error{Kind: surveys.Invalid, Op: "waves: open", Message: "none of these departments can be asked any more"}
	}
	return list, nil
}

// TermsOf returns the terms of a wave. One from before terms were kept asks everybody and is closed by hand.
func TermsOf(db *gorm.DB, wave surveys.WaveID) (Terms, error) {
	all, err := termsIn(db, []surveys.WaveID{wave})
	return all[wave], err
}

// TermsOfAll returns the terms of some waves as TermsOf does, in as many queries however many waves there are.
func TermsOfAll(db *gorm.DB, list []surveys.Wave) (map[surveys.WaveID]Terms, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]surveys.WaveID, len(list))
	for i, w := range list {
		ids[i] = w.ID
	}
	return termsIn(db, ids)
}

func termsIn(db *gorm.DB, ids []surveys.WaveID) (map[surveys.WaveID]Terms, error) {
	const op = "waves: terms"
	all := map[surveys.WaveID]Terms{}
	db = db.Session(&gorm.Session{NewDB: true})
	var rows []termsRow
	if err := db.Where("wave_id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	var some []surveys.WaveID // that do not ask everybody
	for _, r := range rows {
		if all[r.WaveID] = r.terms(); !r.Everybody {
			some = append(some, r.WaveID)
		}
	}
	if len(some) == 0 {
		return all, nil
	}
	var asked []offeredRow
	if err := db.Where("wave_id IN ?", some).Order("wave_id, department_id").Find(&asked).Error; err != nil {
		return nil, store.Translate(op, err)
	}
	for _, r := range asked {
		t := all[r.WaveID]
		t.Departments = append(t.Departments, r.DepartmentID)
		all[r.WaveID] = t
	}
	return all, nil
}

// OfferedIn returns what respondents of a wave choose from.
func OfferedIn(db *gorm.DB, wave surveys.WaveID) (Offered, error) {
	var o Offered
	db = db.Session(&gorm.Session{NewDB: true})
	var terms int64
	err := db.Model(&termsRow{}).Where("wave_id = ?", wave).Count(&terms).Error
	if err != nil || terms == 0 {
		return o, store.Translate("waves: offered", err)
	}
	o.Frozen = true
	err = db.Table("wave_departments").Where("wave_id = ?", wave).Order("department_id").Pluck("department_id", &o.Departments).Error
	if err == nil {
		err = db.Table("wave_bands").Where("wave_id = ?", wave).Order("band_id").Pluck("band_id", &o.Bands).Error
	}
	return o, store.Translate("waves: offered", err)
}

// overdue lists the open waves whose time has come.
func overdue(db *gorm.DB, now time.Time) ([]surveys.WaveID, error) {
	var ids []surveys.WaveID
	err := db.Table("wave_terms").Joins("JOIN waves ON waves.id = wave_terms.wave_id").
		Where("waves.state = ? AND wave_terms.closes_at <= ?", surveys.Open, now.UTC()).Order("waves.id").Pluck("waves.id", &ids).Error
	return ids, store.Translate("waves: overdue", err)
}

// Asking is one wave that asked a department for its time.
type Asking struct {
	Department    surveys.DepartmentID
	Questionnaire surveys.QuestionnaireID
}

// AskedBetween lists who was asked what by the waves that opened from one instant until before another.
func AskedBetween(db *gorm.DB, from, until time.Time) ([]Asking, error) {
	var list []Asking
	err := db.Table("wave_departments").Select("wave_departments.department_id AS department, waves.questionnaire_id AS questionnaire").
		Joins("JOIN waves ON waves.id = wave_departments.wave_id").
		Where("waves.opened_at >= ? AND waves.opened_at < ?", from.UTC(), until.UTC()).
		Order("waves.id, wave_departments.department_id").Scan(&list).Error
	return list, store.Translate("waves: asked", err)
}

// Askable lists those of a plan's departments that a wave opened now would ask, with their headcounts of today.
func (p Plan) Askable(db *gorm.DB) ([]surveys.Department, error) { return asked(db, p.Departments) }

// Request is a wave that asked a department for its time, and when it opened.
type Request struct {
	Wave       surveys.WaveID
	Department surveys.DepartmentID
	Opened     time.Time
}

// Requests lists them all, the latest first.
func Requests(db *gorm.DB) ([]Request, error) {
	var list []Request
	err := db.Table("waves").Select("waves.id AS wave, wave_departments.department_id AS department, waves.opened_at AS opened").
		Joins("JOIN wave_departments ON wave_departments.wave_id = waves.id").
		Order("waves.opened_at DESC, waves.id DESC, wave_departments.department_id").Scan(&list).Error
	return list, store.Translate("waves: requests", err)
}
