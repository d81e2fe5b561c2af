package quotes_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/analytics"
	"soundings/analytics/quotes"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/comments"
	"soundings/surveys/intake"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const asksTwice = `
title: Words
questions:
  - {id: say, kind: text, text: What should change?}
  - {id: keep, kind: text, text: What should stay?}
translations:
  de: {title: Worte, questions: {say: {text: Was soll anders werden?}, keep: {text: Was soll bleiben?}}}
`

var someDay = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// desk is a database with departments and a survey that asks two questions to be answered in words.
type desk struct {
	t             *testing.T
	s             *store.Store
	in            *intake.Intake
	known         *catalog.Catalog
	questionnaire *surveys.Questionnaire
	departments   []surveys.DepartmentID
	reader        *quotes.Reader
}

func newDesk(t *testing.T, s *store.Store, departments ...string) *desk {
	t.Helper()
	stops, err := quotes.NewStops([]byte(`{"en": ["the", "is", "a", "and"], "de": ["der", "die", "das", "und", "ist"], "he": ["של"], "ja": ["これ"]}`))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, s: s, known: catalog.New(s), in: intake.New(s, surveys.Secret("ssssssssssssssssssssssssssssssss"), slog.New(slog.NewTextHandler(io.Discard, nil)), intake.DefaultQueue)}
	t.Cleanup(d.in.Close)
	d.reader = quotes.NewReader(s, analytics.NewReader(s, d.known), stops)
	d.transact(func(tx *store.Tx) (err error) {
		d.departments = nil
		for _, name := range departments {
			id, err := people.AddDepartment(tx, name, 0)
			if err != nil {
				return err
			}
			d.departments = append(d.departments, id)
		}
		d.questionnaire, _, err = d.known.Publish(tx, []byte(asksTwice), someDay)
		return err
	})
	return d
}

func (d *desk) transact(fn func(tx *store.Tx) error) {
	d.t.Helper()
	if err := d.s.Transact(context.Background(), "test", fn); err != nil {
		d.t.Fatal(err)
	}
}

// people is how many of a department answer, and what the first of them write to the first question.
type crowd struct {
	people int
	say    []string
}

func (d *desk) open(label string) surveys.WaveID {
	d.t.Helper()
	var wave surveys.Wave
	d.transact(func(tx *store.Tx) (err error) {
		wave, _, err = waves.Open(tx, waves.New{Questionnaire: d.questionnaire, Label: label, At: someDay})
		return err
	})
	return wave.ID
}

// answer lets crowds answer, one of each department, and gives the receipts of those who wrote something, by the text.
func (d *desk) answer(wave surveys.WaveID, crowds ...crowd) map[string]surveys.Receipt {
	d.t.Helper()
	receipts := map[string]surveys.Receipt{}
	var answering sync.WaitGroup
	for i, c := range crowds {
		for n := range c.people {
			reply := surveys.Reply{Receipt: surveys.NewReceipt(), Department: d.departments[i], Language: "en", Answers: surveys.Answers{}, Texts: map[string]string{}}
			if n < len(c.say) {
				reply.Texts["say"] = c.say[n]
				receipts[c.say[n]] = reply.Receipt
			}
			answering.Go(func() {
				if _, err := d.in.Submit(context.Background(), wave, d.questionnaire.Document, reply); err != nil {
					d.t.Error(err)
				}
			})
		}
	}
	answering.Wait()
	return receipts
}

func (d *desk) close(wave surveys.WaveID) {
	d.t.Helper()
	if err := tally.Close(context.Background(), d.s, d.questionnaire, wave, someDay); err != nil {
		d.t.Fatal(err)
	}
}

// held is a closed wave.
func (d *desk) held(crowds ...crowd) surveys.WaveID {
	d.t.Helper()
	wave := d.open("Spring")
	d.answer(wave, crowds...)
	d.close(wave)
	return wave
}

func (d *desk) ask(only ...surveys.DepartmentID) quotes.Ask {
	return quotes.Ask{Survey: d.questionnaire.Survey, All: len(only) == 0,
		Sees: func(id surveys.DepartmentID) bool { return len(only) == 0 || slices.Contains(only, id) }}
}

func (d *desk) read(ask quotes.Ask, waves ...surveys.WaveID) *quotes.Collection {
	d.t.Helper()
	ask.Waves = waves
	c, err := d.reader.Read(context.Background(), ask)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func texts(list []quotes.Quote) string {
	var all []string
	for _, q := range list {
		all = append(all, q.Text.In(map[quotes.Mask]string{quotes.Name: "[name]", quotes.Email: "[e-mail]"}))
	}
	slices.Sort(all)
	return strings.Join(all, "|")
}

func (d *desk) find(c *quotes.Collection, text string) quotes.Quote {
	d.t.Helper()
	for _, q := range c.Quotes {
		if texts([]quotes.Quote{q}) == text {
			return q
		}
	}
	d.t.Fatalf("nobody says %q in %s", text, texts(c.Quotes))
	return quotes.Quote{}
}

func TestCommentsAreReadOfGroupsOfTenOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, "Finance", "Legal", "Sales", "Board")
		wave := d.held(crowd{12, []string{"finance"}}, crowd{7, []string{"legal"}}, crowd{10, []string{"sales"}}, crowd{3, []string{"board"}})
		c := d.read(d.ask(), wave)
		want := []quotes.Group{{Department: d.departments[0]}, {Department: d.departments[2]}, {Others: true}}
		if !slices.Equal(c.Groups, want) || texts(c.Quotes) != "board|finance|legal|sales" {
			t.Fatalf("groups %v say %s", c.Groups, texts(c.Quotes))
		}
		for _, text := range []string{"legal", "board"} {
			if q := d.find(c, text); q.Group != (quotes.Group{Others: true}) {
				t.Errorf("%s is said by %+v", text, q.Group)
			}
		}
		if c.Refused {
			t.Error("it says that some are not shown")
		}
	})
}

func TestTooFewOthersAreNotReadAtAll(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), "Finance", "Legal", "Board")
	c := d.read(d.ask(), d.held(crowd{14, []string{"finance"}}, crowd{6, []string{"legal"}}, crowd{3, []string{"board"}}))
	if texts(c.Quotes) != "finance" || len(c.Groups) != 1 || !c.Refused {
		t.Errorf("groups %v say %s (refused: %v)", c.Groups, texts(c.Quotes), c.Refused)
	}
	if found := c.Only(quotes.Filter{Search: "legal"}); len(found) != 0 {
		t.Errorf("a search finds %s", texts(found))
	}
}

func TestOpenWavesAndWholeWavesThatAreTooSmallSayNothing(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), "Finance")
	small := d.held(crowd{4, []string{"few"}})
	open := d.open("Now")
	d.answer(open, crowd{30, []string{"early"}})
	if c := d.read(d.ask(), small, open); len(c.Quotes) != 0 || len(c.Groups) != 0 {
		t.Errorf("groups %v say %s", c.Groups, texts(c.Quotes))
	}
}

func TestSomebodyLimitedReadsTheirDepartmentsOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, "Finance", "Legal", "Sales", "Board")
		wave := d.held(crowd{12, []string{"finance"}}, crowd{7, []string{"legal"}}, crowd{10, []string{"sales"}}, crowd{3, []string{"board"}})
		limited := d.ask(d.departments[0], d.departments[1])
		c := d.read(limited, wave)
		if texts(c.Quotes) != "finance" || !slices.Equal(c.Groups, []quotes.Group{{Department: d.departments[0]}}) {
			t.Errorf("groups %v say %s", c.Groups, texts(c.Quotes))
		}
		all := d.read(d.ask(), wave)
		for text, may := range map[string]bool{"finance": true, "legal": false, "sales": false, "board": false} {
			_, err := d.reader.Find(context.Background(), d.find(all, text).ID, limited)
			if (err == nil) != may || err != nil && surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
}

func TestHiddenCommentsAreNeitherReadNorCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, "Finance", "Legal")
		wave := d.held(crowd{12, []string{"mine", "rude"}}, crowd{11, []string{"other"}})
		rude := d.find(d.read(d.ask(), wave), "rude")
		d.transact(func(tx *store.Tx) error { return comments.Hide(tx, rude.ID, comments.Offends) })
		if got := texts(d.read(d.ask(), wave).Quotes); got != "mine|other" {
			t.Errorf("hidden, one reads %s", got)
		}
		for ask, want := range map[*quotes.Ask]int{{All: true}: 1, {Sees: d.ask(d.departments[0]).Sees}: 1, {Sees: d.ask(d.departments[1]).Sees}: 0} {
			list, err := d.reader.Hidden(context.Background(), *ask)
			if err != nil || len(list) != want || want == 1 && list[0].Reason != comments.Offends {
				t.Errorf("the hidden ones are %v (%v), want %d", list, err, want)
			}
		}
		d.transact(func(tx *store.Tx) error { return comments.Show(tx, rude.ID) })
		if got := texts(d.read(d.ask(), wave).Quotes); got != "mine|other|rude" {
			t.Errorf("shown again, one reads %s", got)
		}
	})
}

func TestTheOrderOfCommentsStaysAndIsNotThatOfArrival(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, "Finance")
		var said []string
		for i := range 24 {
			said = append(said, fmt.Sprintf("comment %02d", i))
		}
		wave := d.open("Spring")
		for _, text := range said { // one after the other
			d.answer(wave, crowd{1, []string{text}})
		}
		d.close(wave)
		order := func() (list []string) {
			for _, q := range d.read(d.ask(), wave).Quotes {
				list = append(list, q.Text[0].Text)
			}
			return list
		}
		first := order()
		if slices.Equal(first, said) || !slices.Equal(first, order()) {
			t.Errorf("the order is %v", first)
		}
	})
}

func TestASearchFindsWordsInAnyScriptAndOnlyWhatCanBeRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, "Finance")
		said := []string{"Das Café schließt zu früh", "100% of it_works", "これは新しいプリンターです", "打印机又坏了", "המדפסת של הקומה השנייה", "الطَّابِعَة لا تعمل أحيانا",
			"ＶＰＮ ist weg", "Mira Kaur from Łódź, mira@example.org", "İstanbul ışık", "が is not か"}
		wave := d.held(crowd{12, said})
		d.transact(func(tx *store.Tx) error {
			return people.Enter(tx, []people.Entry{{Person: surveys.Person{Email: "mira@example.org", Name: "Mira Kaur", Department: d.departments[0]}, Key: "mira@example.org"}}, nil)
		})
		c := d.read(d.ask(), wave)
		for search, want := range map[string]int{
			"cafe": 0, "CAFÉ": 0, "schliesst FRÜH": 0, "früh das": 0, "00%": 1, "%": 1, "_": 1, "100_": -1, "プリンタ": 2, "新しい": 2, "打印机": 3, "מדפסת": 4, "الطابعة": 5, "احيانا": 5,
			"vpn": 6, "lodz": 7, "Mira": -1, "kaur": -1, "mira@example.org": -1, "istanbul isik": 8, "か": 9, "が": 9, "\x00": -1, "nothing like it": -1,
		} {
			got := texts(c.Only(quotes.Filter{Search: search}))
			expected := ""
			if want >= 0 {
				expected = strings.ReplaceAll(strings.ReplaceAll(said[want], "Mira Kaur", "[name]"), "mira@example.org", "[e-mail]")
			}
			if got != expected {
				t.Errorf("%q finds %q, want %q", search, got, expected)
			}
		}
		if got := len(c.Only(quotes.Filter{Search: "  "})); got != len(said) {
			t.Errorf("an empty search finds %d", got)
		}
		for text, lang := range map[string]string{"これは新しいプリンターです": "ja", "המדפסת של הקומה השנייה": "he", "ＶＰＮ ist weg": "de", "100% of it_works": ""} {
			if q := d.find(c, text); q.Language != lang {
				t.Errorf("%q is taken for %q", text, q.Language)
			}
		}
	})
}

func TestNamesOfALaterImportAreCoveredInOldComments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, "Finance")
		wave := d.held(crowd{12, []string{"Jonas Weidmann is slow"}})
		read := func() string { return texts(d.read(d.ask(), wave).Quotes) }
		if got := read(); got != "Jonas Weidmann is slow" {
			t.Errorf("before, one reads %q", got)
		}
		entry := people.Entry{Person: surveys.Person{Email: "j@example.org", Name: "Jonas Weidmann", Department: d.departments[0]}, Key: "j@example.org"}
		d.transact(func(tx *store.Tx) error { return people.Enter(tx, []people.Entry{entry}, nil) })
		if got := read(); got != "[name] is slow" {
			t.Errorf("in the directory, he reads %q", got)
		}
		d.transact(func(tx *store.Tx) error { return people.Leave(tx, []surveys.PersonID{1}) })
		if got := read(); got != "[name] is slow" {
			t.Errorf("gone from the directory, he reads %q", got)
		}
	})
}

// What is remembered of comments must not outlive them.
func TestADeletedCommentIsGoneAtOnce(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), "Finance")
	wave := d.open("Spring")
	receipts := d.answer(wave, crowd{12, []string{"stays", "regretted"}})
	d.close(wave)
	if got := texts(d.read(d.ask(), wave).Quotes); got != "regretted|stays" {
		t.Fatal(got)
	}
	if err := d.in.DeleteComments(context.Background(), receipts["regretted"], d.questionnaire.Document); err != nil {
		t.Fatal(err)
	}
	if got := texts(d.read(d.ask(), wave).Quotes); got != "stays" {
		t.Errorf("one still reads %s", got)
	}
}
