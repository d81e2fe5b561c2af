package intake

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var secret = surveys.Secret("the secret of the tests")

// pulse asks for a number, a choice with a text beside it, and a comment.
func pulse() *surveys.Document {
	return &surveys.Document{Language: "en", Minimum: 5, Questions: []surveys.Question{
		{ID: "easier", Kind: surveys.Scale, Points: 5},
		{ID: "when", Kind: surveys.Choice, Options: []surveys.Option{{ID: "w1"}, {ID: "w2"}}, Other: true},
		{ID: "say", Kind: surveys.Text},
	}}
}

// desk is an intake over an open wave, and what it has logged.
type desk struct {
	*Intake
	t    testing.TB
	wave surveys.WaveID
	doc  *surveys.Document
	log  *journal
}

// journal collects log lines of all goroutines.
type journal struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.String()
}

func openDesk(t testing.TB, s *store.Store) *desk {
	t.Helper()
	return startDesk(t, s, openWave(t, s))
}

func startDesk(t testing.TB, s *store.Store, wave surveys.WaveID) *desk {
	t.Helper()
	d := pausedDesk(t, s, wave, DefaultQueue)
	d.resume()
	return d
}

// pausedDesk is an intake whose writer has not begun: what is sent waits, so that a test knows what will be one batch.
func pausedDesk(t testing.TB, s *store.Store, wave surveys.WaveID, queue int) *desk {
	t.Helper()
	d := &desk{t: t, wave: wave, doc: pulse(), log: &journal{}}
	d.Intake = &Intake{store: s, secret: secret, log: slog.New(slog.NewTextHandler(d.log, nil)), queue: make(chan *item, queue), done: make(chan struct{})}
	return d
}

func (d *desk) resume() {
	go d.write()
	d.t.Cleanup(d.Close)
}

// later puts a submission into the queue and gives a way to wait for what became of it.
func (d *desk) later(v verb, wave surveys.WaveID, reply surveys.Reply) (wait func() (Outcome, error)) {
	d.t.Helper()
	return d.queued(&item{verb: v, wave: wave, reply: reply})
}

// once is later for an answer to an invitation.
func (d *desk) once(mark surveys.Mark, reply surveys.Reply) (wait func() (Outcome, error)) {
	d.t.Helper()
	return d.queued(&item{verb: submit, wave: d.wave, reply: reply, mark: &mark})
}

func (d *desk) queued(it *item) (wait func() (Outcome, error)) {
	d.t.Helper()
	it.texts, it.id, it.done = textQuestions(d.doc), d.secret.ResponseID(it.reply.Receipt), make(chan struct{})
	if err := d.enqueue(it); err != nil {
		d.t.Fatal(err)
	}
	return func() (Outcome, error) {
		<-it.done
		return it.outcome, it.err
	}
}

func (d *desk) submit(r surveys.Reply) (Outcome, error) {
	return d.Submit(d.t.Context(), d.wave, d.doc, r)
}

func (d *desk) change(r surveys.Reply) (Outcome, error) {
	return d.Change(d.t.Context(), d.wave, d.doc, r)
}

func (d *desk) withdraw(r surveys.Receipt) error {
	return d.Withdraw(d.t.Context(), d.wave, d.doc, r)
}

// openWave opens a wave of a questionnaire; what the questionnaire says is of no concern to the intake.
func openWave(t testing.TB, s *store.Store) surveys.WaveID {
	t.Helper()
	var id surveys.WaveID
	err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
		survey := struct {
			ID        surveys.SurveyID
			CreatedAt time.Time
		}{CreatedAt: time.Now()}
		if err := tx.Table("surveys").Create(&survey).Error; err != nil {
			return err
		}
		questionnaire := struct {
			ID           surveys.QuestionnaireID
			SurveyID     surveys.SurveyID
			Version      int
			Document     string
			DocumentHash []byte
			PublishedAt  time.Time
		}{SurveyID: survey.ID, Version: 1, DocumentHash: make([]byte, 32), PublishedAt: time.Now()}
		if err := tx.Table("questionnaires").Create(&questionnaire).Error; err != nil {
			return err
		}
		wave, _, err := waves.Open(tx, waves.New{Label: "spring", At: time.Now(),
			Questionnaire: &surveys.Questionnaire{ID: questionnaire.ID, Survey: survey.ID}})
		id = wave.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func closeWave(t testing.TB, s *store.Store, id surveys.WaveID) {
	t.Helper()
	err := s.Transact(t.Context(), "test", func(tx *gorm.DB) error {
		if err := waves.BeginClosing(tx, id); err != nil {
			return err
		}
		return waves.FinishClosing(tx, id, time.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
}

func reply(answer int, texts ...string) surveys.Reply {
	r := surveys.Reply{Receipt: surveys.NewReceipt(), Department: 2, Band: 3, Language: "en",
		Answers: surveys.Answers{"easier": surveys.Number(answer)}, Texts: map[string]string{}}
	for i, text := range texts {
		r.Texts[[]string{"say", "when"}[i]] = text
	}
	return r
}

// stored reads all responses and comments by the plain connections, not through the code under test.
func stored(t testing.TB, s *store.Store) (responses, comments map[string]string) {
	t.Helper()
	read := func(query string) map[string]string {
		pool, err := s.Pool()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := pool.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		all := map[string]string{}
		for rows.Next() {
			var id []byte
			var wave, department, band int64
			var text string
			if err := rows.Scan(&id, &wave, &department, &band, &text); err != nil {
				t.Fatal(err)
			}
			all[fmt.Sprintf("%x", id)] = fmt.Sprintf("wave %d, department %d, band %d: %s", wave, department, band, text)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return all
	}
	return read("SELECT id, wave_id, department_id, band_id, answers FROM responses"),
		read("SELECT id, wave_id, department_id, 0, text FROM comments")
}

// mustStand says what is stored for a receipt: answers as JSON ("" for no row), and the comments by question.
func (d *desk) mustStand(r surveys.Reply, answers string, texts map[string]string) {
	d.t.Helper()
	responses, comments := stored(d.t, d.store)
	want := ""
	if answers != "" {
		want = fmt.Sprintf("wave %d, department %d, band %d: %s", d.wave, r.Department, r.Band, answers)
	}
	if got := responses[secret.ResponseID(r.Receipt).String()]; got != want {
		d.t.Errorf("stored is %q, want %q", got, want)
	}
	for _, question := range []string{"say", "when"} {
		want := ""
		if texts[question] != "" {
			want = fmt.Sprintf("wave %d, department %d, band 0: %s", d.wave, r.Department, texts[question])
		}
		if got := comments[secret.CommentID(r.Receipt, question).String()]; got != want {
			d.t.Errorf("comment on %s is %q, want %q", question, got, want)
		}
	}
}

func expect(t testing.TB, what string, got Outcome, err error, want Outcome, kind surveys.ErrorKind) {
	t.Helper()
	if kind == "" && err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if kind != "" && (err == nil || surveys.KindOf(err) != kind) {
		t.Errorf("%s: got outcome %d, error %v; want an error of kind %q", what, got, err, kind)
	}
	if kind == "" && got != want {
		t.Errorf("%s: outcome %d, want %d", what, got, want)
	}
}
