package attack

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
	"time"

	"soundings/surveys/store/storetest"
)

var (
	organisations = flag.Int("organisations", 15, "how many random organisations to attack")
	seed          = flag.Uint64("seed", 4, "what they are drawn from")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(storetest.Main(m))
}

// spoils is what the attacker came by.
type spoils struct {
	waves, looks, facts int
	leaks               []string
}

// Zero disclosures: whoever takes everything from every exit, at every moment, and solves, learns of no 1 to k-1 people.
func TestNothingFollowsAboutTooFewPeople(t *testing.T) {
	var all spoils
	begin := time.Now()
	var s *site
	for i := range *organisations {
		if i%50 == 0 {
			s = newSite(t, storetest.SQLite(t))
		}
		all.attack(t, s, i)
	}
	for _, leak := range all.leaks {
		t.Error(leak)
	}
	t.Logf("%d organisations, %d waves, %d looks, %d facts an organisation, %d disclosures, %v",
		*organisations, all.waves, all.looks, all.facts/max(1, *organisations), len(all.leaks), time.Since(begin).Round(time.Second))
	if all.facts < 20**organisations {
		t.Error("too little was told for there to be anything to attack")
	}
}

// What is told is read from the database, and each kind of database could do so in its own way.
func TestNothingFollowsOnMariaDBEither(t *testing.T) {
	var all spoils
	s := newSite(t, storetest.OnMariaDB(t))
	s.most = 40
	for number := range 6 {
		all.attack(t, s, number)
	}
	for _, leak := range all.leaks {
		t.Error(leak)
	}
	if leak, _ := s.pastLeak(rand.New(rand.NewPCG(*seed, 98))); leak != "" {
		t.Error(leak)
	}
	if all.looks <= 6 || all.facts < 6*20 {
		t.Errorf("%d looks, %d facts: too little was told for there to be anything to attack", all.looks, all.facts)
	}
}

// isOpen says which organisations show results while a wave is open: they are looked at after every answer.
func isOpen(number int) bool { return number%5 == 4 }

// attack lets the attacker loose on the organisation of a number. Each is drawn from the seed and its own number alone.
func (all *spoils) attack(t *testing.T, s *site, number int) {
	t.Helper()
	r := rand.New(rand.NewPCG(*seed, uint64(number)))
	open := isOpen(number)
	o := s.organisation(r, fmt.Sprintf("Organisation %d", number), open)
	report := func(d *dossier, label string) {
		all.waves++
		all.looks += len(d.looks)
		for _, l := range d.looks {
			all.facts += len(l.facts)
		}
		if why := d.leak(); why != "" {
			all.leaks = append(all.leaks, fmt.Sprintf("organisation %d of seed %d, minimum %d, %s: %s", number, *seed, o.minimum, label, why))
		}
	}
	if open {
		report(o.dossier(o.watched("open")...), "watched while open")
		return
	}
	for wave := range 1 + r.IntN(2) {
		label := fmt.Sprintf("wave %d", wave)
		report(o.dossier(o.closed(label).look(t)), label)
	}
}

func (o *organisation) dossier(looks ...look) *dossier {
	return &dossier{o.questionnaire.Document, o.minimum, looks, o.random}
}

// watched looks at a wave after every single answer, and once more when it is closed.
func (o *organisation) watched(label string) (looks []look) {
	o.Helper()
	w := o.opened(label)
	steps := -1
	for person := range w.cells {
		w.one(person)
		w.step()
		now := w.steps()
		if now == steps && o.random.IntN(20) > 0 {
			continue
		}
		l := w.look(o)
		if now == steps && len(looks) > 0 {
			if before := withoutAttendance(looks[len(looks)-1].facts); !reflect.DeepEqual(before, withoutAttendance(l.facts)) {
				o.Fatalf("nothing was counted, and yet what is told has changed: %v, then %v", before, l.facts)
			}
			continue
		}
		steps = now
		looks = append(looks, l)
	}
	w.close()
	return append(looks, w.look(o))
}

func withoutAttendance(facts []Fact) (rest []Fact) {
	for _, f := range facts {
		if f.Exit != "attendance" {
			rest = append(rest, f)
		}
	}
	return rest
}

// steps is how many times the wave has been counted.
func (w *ajar) steps() (n int) {
	w.Helper()
	if err := w.store.Read(w.Context()).Table("counters").Where("wave_id = ?", w.ID).Select("steps").Scan(&n).Error; err != nil {
		w.Fatal(err)
	}
	return n
}
