package imports

import (
	"bytes"
	"cmp"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// responseRow and commentRow are this room's view of what package intake keeps.
type responseRow struct {
	ID           []byte
	WaveID       surveys.WaveID
	DepartmentID surveys.DepartmentID
	BandID       surveys.BandID
	Language     string
	Answers      string
}

func (responseRow) TableName() string { return "responses" }

type commentRow struct {
	ID           []byte
	WaveID       surveys.WaveID
	QuestionID   string
	DepartmentID surveys.DepartmentID
	Text         string
}

func (commentRow) TableName() string { return "comments" }

// writer stores the new responses of one import.
type writer struct {
	im          *importer
	tx          *gorm.DB
	c           *comparison
	departments []surveys.DepartmentID // by the collector's index
	bands       []surveys.BandID
	waves       []surveys.WaveID
}

// groups finds or makes the departments and bands of new responses.
func (w *writer) groups() error {
	rows, deps := w.im.rows, w.im.deps
	departments, err := people.Departments(w.im.ctx, deps.Store)
	if err != nil {
		return err
	}
	spelling, added := rows.departments.against(departmentNames(departments), w.im.used(w.c, func(r record) int32 { return r.department }))
	w.im.report.NewDepartments = added
	w.departments = make([]surveys.DepartmentID, len(spelling))
	for i, name := range spelling {
		if name == "" {
			continue
		}
		if w.departments[i], err = people.AddDepartment(w.tx, name, 0); err != nil {
			return err
		}
	}
	bands, err := people.Bands(w.im.ctx, deps.Store)
	if err != nil {
		return err
	}
	spelling, added = rows.bands.against(bandNames(bands), w.im.used(w.c, func(r record) int32 { return r.band }))
	w.im.report.NewBands = added
	w.bands = make([]surveys.BandID, len(spelling))
	for i, name := range spelling {
		if name == "" {
			continue
		}
		if w.bands[i], err = people.AddBand(w.tx, name); err != nil {
			return err
		}
	}
	return nil
}

// openWaves makes the waves that are missing, in the order of their time. Those whose label says no time are of now,
// in the order of their labels.
func (w *writer) openWaves() error {
	used := w.im.used(w.c, func(r record) int32 { return r.wave })
	w.waves = make([]surveys.WaveID, len(w.c.waves))
	var missing []opening
	now := w.im.deps.Now()
	for i, wave := range w.c.waves {
		if wave != nil {
			w.waves[i] = wave.ID
			continue
		}
		if !used[int32(i)] {
			continue
		}
		o := opening{i, w.im.rows.waves.list[i], now}
		if at, ok := whenOf(o.label); ok {
			o.at = at
		}
		missing = append(missing, o)
	}
	order := collate.New(language.Und, collate.Numeric)
	slices.SortFunc(missing, func(a, b opening) int {
		return cmp.Or(a.at.Compare(b.at), order.CompareString(a.label, b.label))
	})
	for _, o := range missing {
		wave, _, err := waves.Open(w.tx, waves.New{Questionnaire: w.c.questionnaire, Label: o.label, At: o.at, Closed: true})
		if err != nil {
			return err
		}
		w.waves[o.index] = wave.ID
	}
	return nil
}

// insert stores responses, then comments, each in the order of their random ids: nothing keeps the order of the file,
// or which comment came with which response.
func (w *writer) insert() error {
	rows := w.im.rows
	fresh := make([]int32, len(rows.records)) // by packed index: the record that is new, or none
	for i := range fresh {
		fresh[i] = none
	}
	list := make([]responseRow, 0, batch)
	for part := range slices.Chunk(w.c.fresh, batch) {
		list = list[:0]
		for _, at := range part {
			r := rows.records[at]
			fresh[r.packed] = at
			answers, err := rows.answersOf(r).Encode()
			if err != nil {
				return err
			}
			list = append(list, responseRow{ID: w.c.ids[at][:], WaveID: w.waves[r.wave], DepartmentID: w.department(r),
				BandID: w.band(r), Language: w.c.questionnaire.Document.Language, Answers: answers})
		}
		if err := w.tx.Create(&list).Error; err != nil {
			return store.Translate("imports: responses", err)
		}
	}
	return w.insertComments(fresh)
}

func (w *writer) insertComments(fresh []int32) error {
	rows := w.im.rows
	type identified struct {
		id surveys.ID
		at int32
	}
	var wanted []identified
	for i, t := range rows.comments {
		if at := fresh[t.record]; at != none {
			question := rows.p.questions[t.question].ID
			wanted = append(wanted, identified{w.im.idOf(w.c, rows.records[at], "comment", question), int32(i)})
		}
	}
	slices.SortFunc(wanted, func(a, b identified) int { return bytes.Compare(a.id[:], b.id[:]) })
	list := make([]commentRow, 0, batch)
	for part := range slices.Chunk(wanted, batch) {
		list = list[:0]
		for i := range part {
			t := rows.comments[part[i].at]
			r := rows.records[fresh[t.record]]
			list = append(list, commentRow{ID: part[i].id[:], WaveID: w.waves[r.wave], QuestionID: rows.p.questions[t.question].ID,
				DepartmentID: w.department(r), Text: t.text})
		}
		if err := w.tx.Create(&list).Error; err != nil {
			return store.Translate("imports: comments", err)
		}
	}
	return nil
}

func (w *writer) department(r record) surveys.DepartmentID {
	if r.department == none {
		return 0
	}
	return w.departments[r.department]
}

func (w *writer) band(r record) surveys.BandID {
	if r.band == none {
		return 0
	}
	return w.bands[r.band]
}

// finish counts the waves that got responses.
func (w *writer) finish() error {
	var touched []surveys.WaveID
	for i := range w.im.used(w.c, func(r record) int32 { return r.wave }) {
		touched = append(touched, w.waves[i])
	}
	slices.Sort(touched)
	for _, wave := range touched {
		if err := w.im.deps.Finish(w.tx, w.c.questionnaire, wave); err != nil {
			return err
		}
	}
	return nil
}
