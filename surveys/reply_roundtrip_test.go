package surveys_test

import (
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/shareddata"
)

// drawForm fills in a form as people and browsers do, valid or not.
func drawForm(t *rapid.T, doc *surveys.Document) surveys.Form {
	f := surveys.Form{"receipt": {string(aReceipt)}, "department": {"4"}, "band": {rapid.SampledFrom([]string{"", "7"}).Draw(t, "band")},
		"lang": {rapid.SampledFrom([]string{"", "en", "de"}).Draw(t, "lang")}}
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune{'\r', '\n', 'x', 0, ' '})))
	for i := range doc.Questions {
		q := &doc.Questions[i]
		field := surveys.FieldOf(q.ID)
		switch q.Kind {
		case surveys.Scale, surveys.Recommend:
			f[field] = []string{rapid.SampledFrom([]string{"1", "2", "3", "4", "5"}).Draw(t, field)}
		case surveys.Choice, surveys.Choices:
			most := 1
			if q.Kind == surveys.Choices {
				most = 3
			}
			offered := []string{"w1", "w2", "w3", ""}
			if q.Other {
				offered = append(offered, surveys.OtherOption)
			}
			f[field] = rapid.SliceOfNDistinct(rapid.SampledFrom(offered), 0, most, rapid.ID[string]).Draw(t, field)
		case surveys.Ranking:
			for j, o := range rapid.Permutation(q.Options).Draw(t, field)[:rapid.IntRange(0, 3).Draw(t, "ranked")] {
				f[surveys.RankField(q.ID, o.ID)] = []string{strconv.Itoa(j + 1)}
			}
		case surveys.Text:
			f[field] = []string{text.Draw(t, field)}
		}
		if q.Other {
			f[surveys.OtherField(q.ID)] = []string{text.Draw(t, "other")}
		}
	}
	return f
}

// Looking a response up by its receipt and sending it back unchanged must change nothing.
func TestRepliesRoundTripThroughTheirForm(t *testing.T) {
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		doc := pulse()
		reply, faults := doc.ReadReply(drawForm(t, doc), everyone())
		if len(faults) > 0 {
			return // never stored
		}
		accepted++
		back, faults := doc.ReadReply(doc.Form(reply), everyone())
		if len(faults) > 0 || !reflect.DeepEqual(back, reply) {
			t.Fatalf("%+v comes back as %+v, %v", reply, back, faults)
		}
	})
	if accepted < 20 {
		t.Errorf("only %d forms were accepted", accepted)
	}
}

func TestNaughtyStringsSurviveExactly(t *testing.T) {
	naughty := []string{"", "undefined", "\u202etest\u202e", "<script>alert(1)</script>", "Robert'); DROP TABLE responses;--", "\x00", "{0}", "%s%x", "田中さん", "\u0301"}
	if path, ok := shareddata.Find(t, "nasty/blns.txt"); ok {
		all, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		naughty = append(naughty, strings.Split(string(all), "\n")...)
	}
	for _, s := range naughty {
		reply, faults := pulse().ReadReply(form("q.say", s, "q.when.other", s, "q.what.other", s), everyone())
		if len(faults) > 0 {
			t.Errorf("%q: %v", s, faults)
		}
		for _, question := range []string{"say", "when", "what"} {
			if reply.Texts[question] != s {
				t.Errorf("%q is read as %q", s, reply.Texts[question])
			}
		}
	}
}

func TestNaughtyStringsAsOtherFieldsAreFaultsNotCrashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		for _, field := range []string{"q.easier", "q.when", "q.what", "q.rank.w1", "receipt", "department", "band", "lang", "q." + s, s} {
			f := form()
			f[field] = append(f[field], s)
			reply, _ := pulse().ReadReply(f, everyone())
			if _, err := reply.Answers.Encode(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
