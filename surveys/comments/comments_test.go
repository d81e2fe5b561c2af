package comments_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/comments"
	"soundings/surveys/intake"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// said is a wave with three comments.
type said struct {
	t        *testing.T
	s        *store.Store
	in       *intake.Intake
	doc      *surveys.Document
	wave     surveys.WaveID
	receipts []surveys.Receipt
	ids      []surveys.ID // of "first", "second" and "third"
}

func say(t *testing.T, s *store.Store) *said {
	t.Helper()
	d := &said{t: t, s: s, in: intake.New(s, surveys.Secret("ssssssssssssssssssssssssssssssss"), slog.New(slog.NewTextHandler(io.Discard, nil)), intake.DefaultQueue)}
	t.Cleanup(d.in.Close)
	d.transact(func(tx *store.Tx) error {
		q, _, err := catalog.New(s).Publish(tx, []byte("title: T\nquestions:\n  - {id: say, kind: text, text: What?}\n"), time.Now())
		if err != nil {
			return err
		}
		wave, _, err := waves.Open(tx, waves.New{Questionnaire: q, Label: "w", At: time.Now()})
		d.doc, d.wave = q.Document, wave.ID
		return err
	})
	texts := []string{"first", "second", "third"}
	for _, text := range texts {
		r := surveys.Reply{Receipt: surveys.NewReceipt(), Language: "en", Answers: surveys.Answers{}, Texts: map[string]string{"say": text}}
		if _, err := d.in.Submit(context.Background(), d.wave, d.doc, r); err != nil {
			t.Fatal(err)
		}
		d.receipts = append(d.receipts, r.Receipt)
	}
	d.ids = make([]surveys.ID, len(texts))
	for text, id := range d.read() {
		d.ids[slices.Index(texts, text)] = id
	}
	return d
}

func (d *said) transact(fn func(tx *store.Tx) error) {
	d.t.Helper()
	if err := d.s.Transact(context.Background(), "test", fn); err != nil {
		d.t.Fatal(err)
	}
}

// try runs a change and gives its error.
func (d *said) try(fn func(tx *store.Tx) error) error {
	return d.s.Transact(context.Background(), "test", fn)
}

func (d *said) read() map[string]surveys.ID {
	d.t.Helper()
	found := map[string]surveys.ID{}
	err := comments.Each(d.s.Read(context.Background()), d.wave, func(c surveys.Comment) error {
		found[c.Text] = c.ID
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return found
}

func (d *said) tag(i int, name string) comments.TagID {
	d.t.Helper()
	var tag comments.TagID
	d.transact(func(tx *store.Tx) (err error) {
		tag, err = comments.AddTag(tx, d.ids[i], name)
		return err
	})
	return tag
}

// tags writes the tags of all comments: "first: vpn, mail; ...".
func (d *said) tags() string {
	d.t.Helper()
	db := d.s.Read(context.Background())
	names := map[comments.TagID]string{}
	list, err := comments.Tags(db)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, t := range list {
		names[t.ID] = t.Name
	}
	tagged, err := comments.Tagged(db, d.wave)
	if err != nil {
		d.t.Fatal(err)
	}
	var lines []string
	for i, id := range d.ids {
		var on []string
		for _, t := range tagged[id] {
			on = append(on, names[t])
		}
		if len(on) > 0 {
			slices.Sort(on)
			lines = append(lines, fmt.Sprintf("%d: %s", i, strings.Join(on, ", ")))
		}
	}
	return strings.Join(lines, "; ")
}

func (d *said) count(table string) (n int64) {
	d.t.Helper()
	if err := d.s.Read(context.Background()).Table(table).Count(&n).Error; err != nil {
		d.t.Fatal(err)
	}
	return n
}

func code(err error) string {
	known, ok := err.(*surveys.Error)
	switch {
	case !ok:
		return fmt.Sprint(err)
	case len(known.Faults) > 0:
		return known.Faults[0].Code
	}
	return string(known.Kind)
}

func TestTagsArePutOnTakenOffRenamedMergedAndDeleted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := say(t, s)
		vpn := d.tag(0, "VPN")
		if again := d.tag(1, "  vpn "); again != vpn {
			t.Errorf("a tag that differs in case is another: %d and %d", vpn, again)
		}
		d.tag(0, "VPN") // twice is once
		mail := d.tag(1, "E-Mail\tund  Post")
		d.tag(2, "e-mail und post")
		if got := d.tags(); got != "0: VPN; 1: E-Mail und Post, VPN; 2: E-Mail und Post" {
			t.Fatal(got)
		}
		d.transact(func(tx *store.Tx) error { return comments.RenameTag(tx, vpn, "Vpn") })
		d.transact(func(tx *store.Tx) error { return comments.RemoveTag(tx, d.ids[2], mail) })
		if got := d.tags(); got != "0: Vpn; 1: E-Mail und Post, Vpn" {
			t.Error(got)
		}
		d.transact(func(tx *store.Tx) error { return comments.MergeTag(tx, vpn, mail) })
		if got := d.tags(); got != "0: E-Mail und Post; 1: E-Mail und Post" || d.count("tags") != 1 {
			t.Error(got)
		}
		d.transact(func(tx *store.Tx) error { return comments.DeleteTag(tx, mail) })
		if d.count("tags") != 0 || d.count("comment_tags") != 0 || d.count("comments") != 3 {
			t.Error("deleting a tag leaves something of it, or takes a comment along")
		}
	})
}

func TestWhatIsNoTagIsRefusedAndChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := say(t, s)
		vpn, mail := d.tag(0, "VPN"), d.tag(0, "Mail")
		for want, change := range map[string]func(tx *store.Tx) error{
			"required": func(tx *store.Tx) error { _, err := comments.AddTag(tx, d.ids[1], " \u00A0 "); return err },
			"long": func(tx *store.Tx) error {
				_, err := comments.AddTag(tx, d.ids[1], strings.Repeat("ü", 61))
				return err
			},
			"unreadable": func(tx *store.Tx) error { return comments.RenameTag(tx, vpn, "\xff") },
			"taken":      func(tx *store.Tx) error { return comments.RenameTag(tx, vpn, "MAIL") },
			"itself":     func(tx *store.Tx) error { return comments.MergeTag(tx, mail, mail) },
			"not found":  func(tx *store.Tx) error { return comments.MergeTag(tx, mail, 999) },
		} {
			if got := code(d.try(change)); got != want {
				t.Errorf("%s: %s", want, got)
			}
		}
		if err := d.try(func(tx *store.Tx) error { _, err := comments.AddTag(tx, surveys.ID{1}, "VPN"); return err }); code(err) != "not found" {
			t.Errorf("a comment that does not exist: %v", err)
		}
		if got := d.tags(); got != "0: Mail, VPN" || d.count("tags") != 2 {
			t.Error(got)
		}
	})
}

// Whoever deletes their comments deletes what staff made of them.
func TestADeletedCommentTakesItsTagsAndItsHidingAlong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := say(t, s)
		d.tag(0, "VPN")
		d.tag(1, "VPN")
		d.transact(func(tx *store.Tx) error { return comments.Hide(tx, d.ids[0], comments.Private) })
		if err := d.in.DeleteComments(context.Background(), d.receipts[0], d.doc); err != nil {
			t.Fatal(err)
		}
		if got := d.tags(); got != "1: VPN" || d.count("comment_tags") != 1 || d.count("hidden_comments") != 0 {
			t.Errorf("left are the tags %s, %d rows and %d hidden", got, d.count("comment_tags"), d.count("hidden_comments"))
		}
		if err := d.in.Withdraw(context.Background(), d.wave, d.doc, d.receipts[1]); err != nil {
			t.Fatal(err)
		}
		if d.count("comment_tags") != 0 {
			t.Error("a response that is withdrawn leaves the tags of its comment")
		}
	})
}

func TestACommentIsHiddenForAReasonAndShownAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := say(t, s)
		d.transact(func(tx *store.Tx) error { return comments.Hide(tx, d.ids[1], comments.Offends) })
		d.transact(func(tx *store.Tx) error { return comments.Hide(tx, d.ids[1], comments.Identifies) })
		list, err := comments.AllHidden(d.s.Read(context.Background()))
		if err != nil || len(list) != 1 || list[0].Text != "second" || list[0].Reason != comments.Identifies || list[0].ID != d.ids[1] {
			t.Fatalf("hidden: %+v, %v", list, err)
		}
		if got := d.read(); len(got) != 2 || got["second"] != (surveys.ID{}) {
			t.Errorf("one reads %v", got)
		}
		if got := code(d.try(func(tx *store.Tx) error { return comments.Hide(tx, d.ids[0], "because") })); got != "required" {
			t.Errorf("without a reason: %s", got)
		}
		d.transact(func(tx *store.Tx) error { return comments.Show(tx, d.ids[1]) })
		if got := d.read(); len(got) != 3 {
			t.Errorf("shown again, one reads %v", got)
		}
	})
}

func TestFoldingJoinsWhatPeopleTakeForTheSame(t *testing.T) {
	for _, same := range [][]string{
		{"Café", "CAFE", "ｃａｆｅ", "Cafe\u0301"}, {"Straße", "STRASSE", "strasse"}, {"İstanbul", "ISTANBUL", "ıstanbul"}, {"Łódź", "lodz"}, {"Ø", "o"},
		{"الطَّابِعَة", "الطابعة"}, {"أحمد", "احمد"}, {"שָׁלוֹם", "שלום"}, {"が", "か\u3099"}, {"ﾌﾟﾘﾝﾀ", "プリンタ"}, {"Ὀδυσσεύς", "οδυσσευς", "ΟΔΥΣΣΕΥΣ"},
	} {
		for _, other := range same[1:] {
			if comments.Fold(same[0]) != comments.Fold(other) {
				t.Errorf("%q is %q, %q is %q", same[0], comments.Fold(same[0]), other, comments.Fold(other))
			}
		}
	}
	for _, different := range [][2]string{{"か", "が"}, {"हिन्दी", "हनद"}, {"a%", "ab"}, {"打印", "打"}} {
		if comments.Fold(different[0]) == comments.Fold(different[1]) {
			t.Errorf("%q and %q are the same", different[0], different[1])
		}
	}
}
