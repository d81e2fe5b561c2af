package demo

import (
	"math"
	"reflect"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/document"
	"soundings/surveys/library"
)

// written is every reply of one wave, without a database.
type written struct {
	run
	replies []surveys.Reply
}

// writeAll makes the replies of all waves.
func writeAll(t *testing.T) (*organisation, []written) {
	t.Helper()
	org := harbourGroup()
	for i := range org.departments {
		org.departments[i].id = surveys.DepartmentID(i + 1)
	}
	for i := range org.bands {
		org.bands[i] = surveys.BandID(i + 1)
	}
	var published [subjects]*surveys.Questionnaire
	for i, name := range []string{"change-pulse", "working-with-it"} {
		source, err := library.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := document.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		published[i] = &surveys.Questionnaire{Document: doc}
	}
	a := newAuthor(org, secret)
	var all []written
	for _, r := range schedule(today) {
		r.questionnaire = published[r.about]
		all = append(all, written{r, a.write(&r)})
	}
	return org, all
}

// What the page itself would refuse must not be in the demo: what is sent must come back unchanged from the form.
func TestEveryReplyCouldComeFromTheForm(t *testing.T) {
	org, all := writeAll(t)
	audience := surveys.Audience{Tried: true}
	for _, d := range org.departments {
		audience.Departments = append(audience.Departments, surveys.Department{ID: d.id, Name: d.name})
	}
	for i, id := range org.bands {
		audience.Bands = append(audience.Bands, surveys.Band{ID: id, Name: org.bandNames[i]})
	}
	for _, w := range all {
		doc := w.questionnaire.Document
		for _, reply := range w.replies {
			read, faults := doc.ReadReply(doc.Form(reply), audience)
			if len(faults) > 0 || !reflect.DeepEqual(read, reply) {
				t.Fatalf("%s: %+v is read as %+v, %v", w.label, reply, read, faults)
			}
		}
	}
}

func TestNoReceiptIsGivenTwice(t *testing.T) {
	_, all := writeAll(t)
	seen := map[surveys.Receipt]bool{}
	for _, w := range all {
		for _, reply := range w.replies {
			if seen[reply.Receipt] {
				t.Fatalf("%s is the receipt of two replies", reply.Receipt)
			}
			seen[reply.Receipt] = true
		}
	}
	if a := newAuthor(harbourGroup(), surveys.Secret("another")); seen[a.receipt(&all[0].run, 0, 0)] {
		t.Error("a receipt can be worked out without the secret")
	}
}

func TestResponseRatesAreBelievable(t *testing.T) {
	org, all := writeAll(t)
	for _, w := range all {
		if w.isOpen() {
			continue
		}
		by := map[surveys.DepartmentID]int{}
		for _, reply := range w.replies {
			by[reply.Department]++
		}
		for i := range org.departments {
			d := &org.departments[i]
			if rate := float64(by[d.id]) / float64(d.headcount()); rate < 0.45 || rate > 0.81 {
				t.Errorf("%s %s: %d of %d answered", w.label, d.name, by[d.id], d.headcount())
			}
		}
	}
}

func TestQuestionsAreSkippedCommentsWrittenAndGermanUsedAboutAsOftenAsInLife(t *testing.T) {
	_, all := writeAll(t)
	var replies, german, commented, asked, skipped float64
	for _, w := range all {
		for _, reply := range w.replies {
			replies++
			if reply.Language == "de" {
				german++
			}
			if len(reply.Texts) > 0 {
				commented++
			}
			for _, q := range w.questionnaire.Document.Questions {
				if q.Scored() {
					asked++
					if _, ok := reply.Answers[q.ID]; !ok {
						skipped++
					}
				}
			}
		}
	}
	for name, share := range map[string][3]float64{
		"German": {german / replies, 0.20, 0.30}, "with a comment": {commented / replies, 0.25, 0.35}, "skipped": {skipped / asked, 0.03, 0.05},
	} {
		t.Logf("%s: %.3f", name, share[0])
		if share[0] < share[1] || share[0] > share[2] {
			t.Errorf("%s: %.3f, want %v", name, share[0], share[1:])
		}
	}
}

// A person answers alike throughout: questions of one construct go together, reversed ones against the others.
func TestAPersonsAnswersGoTogether(t *testing.T) {
	_, all := writeAll(t)
	for about, construct := range map[subject]string{change: surveys.Openness, workingWithIT: surveys.Engagement} {
		items := all[about].questionnaire.Document.Items(construct)
		for i, a := range items {
			for _, b := range items[:i] {
				r := correlation(all, about, a.ID, b.ID)
				if a.Reversed != b.Reversed {
					r = -r
				}
				if r < 0.3 || r > 0.8 {
					t.Errorf("%s and %s correlate with %.2f", a.ID, b.ID, r)
				}
			}
		}
	}
}

// correlation is Pearson's, over the answers as they were given, of all waves of a survey.
func correlation(all []written, about subject, a, b string) float64 {
	var n, x, y, xx, yy, xy float64
	for _, w := range all {
		for _, reply := range w.replies {
			u, okU := reply.Answers[a]
			v, okV := reply.Answers[b]
			if w.about != about || !okU || !okV {
				continue
			}
			p, q := float64(u.Number), float64(v.Number)
			n, x, y, xx, yy, xy = n+1, x+p, y+q, xx+p*p, yy+q*q, xy+p*q
		}
	}
	return (n*xy - x*y) / math.Sqrt((n*xx-x*x)*(n*yy-y*y))
}

func TestRecommendScoresLieWhereScoresOfITDo(t *testing.T) {
	_, all := writeAll(t)
	for _, w := range all {
		if w.about != workingWithIT {
			continue
		}
		var n, score float64
		marks := map[int]bool{}
		for _, reply := range w.replies {
			if a, ok := reply.Answers["recommend"]; ok {
				n++
				marks[a.Number] = true
				switch {
				case a.Number >= 9:
					score++
				case a.Number <= 6:
					score--
				}
			}
		}
		if score = 100 * score / n; score < -40 || score > 30 || len(marks) < 8 {
			t.Errorf("%s: %.0f, with %d different marks", w.label, score, len(marks))
		}
	}
}

func TestWavesLieInTheirQuartersWhateverTheDay(t *testing.T) {
	for _, tt := range []struct {
		now         string
		first, last string
		open        string
	}{
		{"2027-01-01T00:00:00Z", "Q1 25", "Q4 26", "Q1 27"},
		{"2027-01-01T09:00:00Z", "Q1 25", "Q4 26", "Q1 27"},
		{"2027-03-31T23:59:59Z", "Q1 25", "Q4 26", "Q1 27"},
		{"2027-04-01T00:30:00+02:00", "Q1 25", "Q4 26", "Q1 27"}, // still March in UTC
		{"2026-10-20T12:00:00Z", "Q4 24", "Q3 26", "Q4 26"},
		{"2028-02-29T12:00:00Z", "Q1 26", "Q4 27", "Q1 28"},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		runs := schedule(now)
		open := runs[len(runs)-1]
		if len(runs) != 17 || runs[0].label != tt.first || runs[15].label != tt.last || open.label != tt.open || !open.isOpen() {
			t.Errorf("%s: %d waves from %s to %s, then %s", tt.now, len(runs), runs[0].label, runs[15].label, open.label)
		}
		for i, r := range runs {
			if i > 0 && !r.opened.After(runs[i-1].opened) || r.opened.After(now) || r.closed.After(open.opened) {
				t.Errorf("%s: wave %d runs from %v to %v", tt.now, i, r.opened, r.closed)
			}
			if !r.isOpen() && (label(r.opened) != r.label || label(r.closed) != r.label) {
				t.Errorf("%s: wave %d leaves its quarter", tt.now, i)
			}
		}
	}
}
