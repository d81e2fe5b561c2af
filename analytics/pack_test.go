package analytics

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/analytics/disclosure"
	"soundings/analytics/stats"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const packed = `title: Pulse
purpose: change
change: expense-tool
language: en
questions:
  - {id: gain, kind: scale, points: 5, text: I gain., construct: openness}
  - {id: fear, kind: scale, points: 5, text: I fear it., construct: openness, reversed: true}
  - {id: tell, kind: recommend, text: Tell}
  - {id: when, kind: choice, text: When, options: [{id: w1, text: First}, {id: w2, text: Second}]}
  - {id: order, kind: ranking, text: Order, options: [{id: a, text: A}, {id: b, text: B}]}
  - {id: say, kind: text, text: Say}
translations:
  de: {title: Puls, questions: {gain: {text: Gewinn}, fear: {text: Furcht}, tell: {text: Sagen}, when: {text: Wann, options: {w1: Erste, w2: Zweite}}, order: {text: Reihe, options: {a: A, b: B}}, say: {text: Wort}}}
`

// packedReplies are people of a department, no two neighbours alike.
func packedReplies(department surveys.DepartmentID, n int) (list []surveys.Reply) {
	for i := range n {
		order := surveys.Picked("a", "b")
		if i%3 == 0 {
			order = surveys.Picked("b", "a")
		}
		list = append(list, reply(department, 0, surveys.Answers{"gain": surveys.Number(1 + i%5), "fear": surveys.Number(1 + (i+i/2)%5),
			"tell": surveys.Number((3 * i) % 11), "when": surveys.Picked([]string{"w1", "w2"}[i%2]), "order": order}))
	}
	return list
}

func (s *site) pack(ask PackAsk) *Pack {
	s.Helper()
	p, err := s.reader.Pack(s.Context(), ask)
	if err != nil {
		s.Fatal(err)
	}
	return p
}

func (s *site) frozen(p *Pack) (document []byte, read *Pack) {
	s.Helper()
	document, err := p.Document()
	if err != nil {
		s.Fatal(err)
	}
	if read, err = ReadPack(document); err != nil {
		s.Fatal(err)
	}
	return document, read
}

// imports adds rows to a closed wave as an import does.
func (r *run) imports(replies ...surveys.Reply) {
	r.Helper()
	r.must(func(tx *gorm.DB) error {
		for _, one := range replies {
			answers, err := one.Answers.Encode()
			if err != nil {
				return err
			}
			id := surveys.Secret("imports").ImportedID(string(one.Receipt))
			err = tx.Exec("INSERT INTO responses (wave_id, id, department_id, band_id, language, answers) VALUES (?, ?, ?, 0, 'en', ?)",
				r.ID, id[:], one.Department, answers).Error
			if err != nil {
				return err
			}
		}
		return tally.Recount(tx, r.questionnaire, r.ID)
	})
}

func TestAPackKeepsItsFiguresWhileThoseOfThePagesMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newSite(t, st)
		finance, legal, sales := s.department("Finance", 20), s.department("Legal", 0), s.department("Sales", 40)
		q := s.publish(packed)
		s.closed(q, "Spring", slices.Concat(packedReplies(finance, 12), packedReplies(legal, 9), packedReplies(sales, 2))...)
		autumn := s.closed(q, "Autumn", slices.Concat(packedReplies(finance, 14), packedReplies(legal, 11), packedReplies(sales, 3))...)
		s.open(q, "Winter")
		change := changes.Change{ID: 7, Name: "expense-tool", Language: "en", Text: changes.Text{Title: "A new expense tool", Why: "not in a pack"}, Everybody: true,
			Translations: map[string]changes.Translation{"de": {Text: changes.Text{Title: "Neue Spesen"}}}, History: []changes.Entry{{Stage: changes.Asking, On: "2026-01-05"}}}
		ask := PackAsk{Title: "IT planning", Meeting: "2027-03-15", Made: surveys.Stamp{By: "mira@example.org", At: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)},
			Changes: []changes.Change{change}, Departments: []surveys.DepartmentID{finance, sales}}
		live := s.pack(ask)
		document, read := s.frozen(live)

		// It is of the newest closed wave about the change, and of the departments that were chosen.
		if len(read.Parts) != 1 || read.Parts[0].Results.Wave.ID != autumn.ID {
			t.Fatalf("it has %d parts", len(read.Parts))
		}
		res := read.Parts[0].Results
		if len(res.Units) != 2 || res.Units[0].Department.Name != "Finance" || res.Units[1].Department.Name != "Sales" {
			t.Errorf("it is of %+v", res.Units)
		}
		if strings.Contains(string(document), "Legal") || strings.Contains(string(document), "not in a pack") {
			t.Error("it holds a department that was not chosen, or more of a change than it says")
		}
		// Figure by figure it is what the page of the wave says.
		page := s.waveResults(WaveQuery{Wave: autumn.ID})
		for _, m := range res.Measures {
			told := page.of(t, measure{construct: m.Construct, question: idOf(m.Question)})
			at := slices.IndexFunc(page.Units, func(u Unit) bool { return u.Department.ID == finance })
			if same(t, m.Units[0], told.Units[at]); m.Units[0].N != 14 || m.Units[1].Shown() {
				t.Errorf("%s%s: %d of Finance are told, Sales shown %v", m.Construct, idOf(m.Question), m.Units[0].N, m.Units[1].Shown())
			}
			same(t, m.Total, told.Total)
		}
		if again, err := read.Document(); err != nil || !bytes.Equal(again, document) {
			t.Errorf("written once more it is another document, %v", err)
		}
		if text := read.Parts[0].Results.Wave.Questionnaire.Document.Translations["de"].Questions["gain"].Text; text != "Gewinn" {
			t.Errorf("in German the question is %q", text)
		}
		trend := read.Parts[0].Trend
		if len(trend.Waves) != 2 || !trend.Comparable(0, 1) || len(trend.Series) != 2 || trend.Series[0].Points[0].N != 12 {
			t.Errorf("its trend is %+v", trend)
		}
		if title, _ := read.Changes[0].In("de"); title.Title != "Neue Spesen" {
			t.Errorf("in German the change is %q", title.Title)
		}

		// A name changes nothing that was measured.
		s.must(func(tx *gorm.DB) error {
			return tx.Exec("UPDATE departments SET name = 'Money' WHERE id = ?", finance).Error
		})
		if moved, err := read.Moved(s.pack(read.Again())); err != nil || len(moved) != 0 {
			t.Errorf("of %v it says something else, %v", moved, err)
		}
		// Late rows of enough people move the page, and the pack says so and stays.
		autumn.imports(packedReplies(finance, 6)...)
		today := s.pack(read.Again())
		if n := today.Parts[0].Results.TakenAll.N; n != 34 {
			t.Errorf("today %d answered", n)
		}
		if moved, err := read.Moved(today); err != nil || !slices.Equal(moved, []surveys.WaveID{autumn.ID}) {
			t.Errorf("of %v it says something else, %v", moved, err)
		}
		if read, err := ReadPack(document); err != nil || read.Parts[0].Results.TakenAll.N != 28 || read.Departments[0].Name != "Finance" {
			t.Errorf("the pack has moved, %v", err)
		}
	})
}

func idOf(q *surveys.Question) string {
	if q == nil {
		return ""
	}
	return q.ID
}

// same compares all that is written of two figures.
func same(t *testing.T, a, b Told) {
	t.Helper()
	left, err := json.Marshal(toldToFile(a))
	if err != nil {
		t.Fatal(err)
	}
	right, err := json.Marshal(toldToFile(b))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(left, right) {
		t.Errorf("%s\nis not\n%s", left, right)
	}
}

func TestAPackIsOfClosedWavesAndOfDepartments(t *testing.T) {
	s := newSite(t, storetest.SQLite(t))
	finance := s.department("Finance", 0)
	open := s.open(s.publish(pulse("Pulse")), "Winter")
	_, err := s.reader.Pack(t.Context(), PackAsk{Waves: []surveys.WaveID{open.ID}, Departments: []surveys.DepartmentID{finance}})
	if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "waves:") {
		t.Errorf("a pack of an open wave is %v", err)
	}
	open.submit(each(finance, 0, "open", 1, 2, 3, 4, 5)...)
	open.close()
	if _, err = s.reader.Pack(t.Context(), PackAsk{Waves: []surveys.WaveID{open.ID}}); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "departments:") {
		t.Errorf("a pack of no department is %v", err)
	}
	list, err := people.Departments(t.Context(), s.store)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	p := s.pack(PackAsk{Waves: []surveys.WaveID{open.ID}, Departments: []surveys.DepartmentID{finance}})
	if hidden := p.Only(func(surveys.DepartmentID) bool { return false }); len(hidden.Departments) != 0 || len(hidden.Parts[0].Results.Units) != 0 || len(hidden.Parts[0].Trend.Series) != 0 {
		t.Errorf("somebody who sees no department sees %+v", hidden)
	}
}

// firstLayout is a document as the first version of the layout has it, written by hand. Packs of it are kept for good, so
// it is read by every later program.
const firstLayout = `{"version": 1, "title": "IT planning", "meeting": "2027-03-15", "made_by": "mira@example.org", "made_at": "2026-11-24T10:00:00Z",
"changes": [{"id": 7, "name": "expense-tool", "language": "en", "title": "A new expense tool", "titles": {"de": "Neue Spesen"}, "everybody": true, "stage": "asking", "since": "2026-01-05"}],
"departments": [{"id": 2, "name": "Finance"}], "bands": [{"id": 1, "name": "Staff"}],
"questionnaires": [{"id": 4, "survey": 3, "version": 1, "versions": {"open": 1},
 "document": "title: Pulse\nquestions:\n  - {id: open, kind: scale, points: 5, text: I am for it., construct: openness}\n"}],
"waves": [{"wave": {"id": 9, "survey": 3, "questionnaire": 4, "label": "Autumn", "state": "closed", "opened": "2026-09-01T00:00:00Z", "closed": "2026-09-15T12:00:00Z"},
 "departments": [2], "answered": {"group": {"level": "shown", "n": 30}}, "answered_by_department": [{"group": {"level": "shown", "n": 12}, "asked": 20, "rate": 0.6, "has_rate": true, "skew": {"band": 1, "answered": 70, "asked": 50}}],
 "measures": [{"construct": "openness", "comparison": "compared", "all": {"group": {"level": "hidden", "reason": "protects a smaller group"}},
  "by_department": [{"group": {"level": "shown", "n": 12, "scored": true, "mean": 61.5, "low": 50, "high": 73, "has_interval": true, "favourable_people": 6, "unfavourable_people": 2},
   "change": {"verdict": "clearly_down", "difference": -9.5, "p": 0.01, "smallest": 8}}]}]}]}`

func TestADocumentOfTheFirstLayoutIsRead(t *testing.T) {
	p, err := ReadPack([]byte(firstLayout))
	if err != nil {
		t.Fatal(err)
	}
	res := p.Parts[0].Results
	m := p.Parts[0].About()
	told := m.Units[0]
	if res.Units[0].Department.Name != "Finance" || told.Mean != 61.5 || told.N != 12 || told.Low != 50 || told.High != 73 || !told.HasInterval || !told.Shown() {
		t.Errorf("Finance is %+v", told.Group)
	}
	if told.Change.Verdict != stats.ClearlyDown || told.Change.Difference != -9.5 || told.Change.Smallest != 8 || m.Comparison != Compared {
		t.Errorf("it moved by %+v, compared %d", told.Change, m.Comparison)
	}
	if m.Total.Shown() || m.Total.Reason != disclosure.Protects {
		t.Errorf("everyone is %+v", m.Total.Group)
	}
	if sides, ok := told.Sides(); !ok || sides.Favourable.Percent != 50 || sides.Neutral.Count != 4 {
		t.Errorf("its sides are %+v", sides)
	}
	if taken := res.Taken[0]; taken.Rate != 0.6 || taken.Skew.Band.ID != 1 || res.TakenAll.N != 30 {
		t.Errorf("%+v answered", taken)
	}
	if p.Changes[0].Now().Stage != changes.Asking || p.Meeting != "2027-03-15" || p.Bands[0].Name != "Staff" {
		t.Errorf("it is for %+v", p)
	}
	for name, broken := range map[string]string{
		"a later version":      strings.Replace(firstLayout, `"version": 1,`, fmt.Sprintf(`"version": %d,`, packVersion+1), 1),
		"no questions":         strings.Replace(firstLayout, `"questionnaires": [{"id": 4`, `"questionnaires": [{"id": 5`, 1),
		"a missing figure":     strings.Replace(firstLayout, `"departments": [2]`, `"departments": [2, 3]`, 1),
		"a level of no name":   strings.Replace(firstLayout, `"level": "hidden"`, `"level": "maybe"`, 1),
		"a verdict of no name": strings.Replace(firstLayout, "clearly_down", "down", 1),
	} {
		if _, err := ReadPack([]byte(broken)); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
}
