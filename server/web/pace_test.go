package web

import (
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
)

func TestOnePlaceIsSlowedAndOthersAreNot(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := newPace(3, time.Minute)
	taken := func(address string, after time.Duration) (n int) {
		for range 10 {
			switch err := p.take(address, now.Add(after)); {
			case err == nil:
				n++
			case surveys.KindOf(err) != surveys.TooMany:
				t.Fatal(err)
			}
		}
		return n
	}
	for _, c := range []struct {
		address string
		after   time.Duration
		want    int
	}{
		{"192.0.2.1", 0, 3}, {"192.0.2.2", 0, 3}, {"192.0.2.1", 59 * time.Second, 0}, {"192.0.2.1", time.Minute, 1}, {"192.0.2.1", 3 * time.Minute, 2}, {"192.0.2.1", time.Hour, 3},
		{"2001:db8::1", 0, 3}, {"2001:db8::ffff", 0, 0}, // of one network, whose addresses one person changes at will
	} {
		if n := taken(c.address, c.after); n != c.want {
			t.Errorf("%s after %s: %d are taken, want %d", c.address, c.after, n, c.want)
		}
	}
}

func TestAPaceRemembersSoManyPlacesAndForgetsThoseThatAreFreeFirst(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := newPace(1, time.Minute)
	for n := range mostPlaces {
		at := now
		if n%2 == 1 {
			at = now.Add(time.Hour)
		}
		if err := p.take(fmt.Sprintf("10.0.%d.%d", n/256, n%256), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.take("192.0.2.1", now.Add(time.Hour)); err != nil || len(p.freed) != mostPlaces/2+1 {
		t.Errorf("%d places are remembered, %v", len(p.freed), err)
	}
	if err := p.take("10.0.0.1", now.Add(time.Hour)); surveys.KindOf(err) != surveys.TooMany {
		t.Errorf("a place that is not free yet is forgotten: %v", err)
	}
}
