package disclosure

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// somePeople draws a group that is often small, alike, on one side, or half moved.
func somePeople(t *rapid.T, name string) []person {
	low := rapid.IntRange(1, 5).Draw(t, name+" lowest")
	high := rapid.IntRange(low, 5).Draw(t, name+" highest")
	moving := rapid.SampledFrom([]string{"none", "some", "all"}).Draw(t, name+" moved")
	one := rapid.Custom(func(t *rapid.T) person {
		moved := moving == "all" || moving == "some" && rapid.Bool().Draw(t, "moved")
		return person{rapid.IntRange(low, high).Draw(t, "value"), moved}
	})
	return rapid.SliceOfN(one, 0, 14).Draw(t, name)
}

// partly forgets some of what an aggregate knows, as measures do that have no values or no sides.
func partly(a Aggregate, counts, sides, span bool) Aggregate {
	if !counts {
		a.Counts = nil
	}
	if !sides {
		a.Favourable, a.Unfavourable = 0, 0
	}
	if !span {
		a.HasRange, a.Min, a.Max = false, 0, 0
	}
	return a
}

func TestAGroupIsSafeExactlyWhenItsPeopleAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, k := somePeople(t, "people"), rapid.IntRange(2, 8).Draw(t, "minimum")
		want := len(people) > 0 && leak(people, k) == ""
		if got := (Rule{k}).Safe(aggregateOf(people)); got != want {
			t.Errorf("safe is %v, want %v", got, want)
		}
	})
}

func TestSafeDisjointGroupsAreSafeTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rule{rapid.IntRange(1, 8).Draw(t, "minimum")}
		part := func(name string) Aggregate {
			known := rapid.SliceOfN(rapid.Bool(), 3, 3).Draw(t, "known of "+name)
			return partly(aggregateOf(somePeople(t, name)), known[0], known[1], known[2])
		}
		a, b := part("a"), part("b")
		if r.Safe(a) && r.Safe(b) && !r.Safe(a.Plus(b)) {
			t.Errorf("%+v and %+v are safe, but not together", a, b)
		}
	})
}

func TestPlusIsTheAggregateOfBothGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := somePeople(t, "a"), somePeople(t, "b")
		counts, sides, span := rapid.Bool().Draw(t, "counts"), rapid.Bool().Draw(t, "sides"), rapid.Bool().Draw(t, "range")
		part := func(people []person) Aggregate { return partly(aggregateOf(people), counts, sides, span) }
		sum, want := part(a).Plus(part(b)), part(slices.Concat(a, b))
		if !reflect.DeepEqual(sum, want) {
			t.Errorf("sum is %+v, want %+v", sum, want)
		}
		// What tables add up must judge like the aggregates.
		d := digestOf(part(a)).plus(digestOf(part(b)))
		if d.n != want.N || d.moved != want.Moved || d.extreme() != want.Extreme() {
			t.Errorf("digest is %+v, of %+v", d, want)
		}
	})
}

func TestPlusKnowsOnlyWhatBothKnow(t *testing.T) {
	seven := Aggregate{N: 7}
	known := Aggregate{N: 3, Spread: Spread{Counts: []int{3}, HasRange: true}}
	if got, want := known.Plus(seven), (Aggregate{N: 10}); !reflect.DeepEqual(got, want) {
		t.Errorf("sum is %+v, want %+v", got, want)
	}
	longer := Aggregate{N: 1, Spread: Spread{Counts: []int{0, 1}}}
	if got := (Aggregate{N: 3, Spread: Spread{Counts: []int{3}}}).Plus(longer); !slices.Equal(got.Counts, []int{3, 1}) {
		t.Errorf("counts add up to %v", got.Counts)
	}
}

// Adding up may stop where nothing that follows can matter.
func TestASureGroupIsSafeWhoeverJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rule{rapid.IntRange(2, 12).Draw(t, "minimum")}
		a, b := digestOf(aggregateOf(somePeople(t, "a"))), digestOf(aggregateOf(somePeople(t, "b")))
		l := lines{rule: r, still: a.moved+b.moved == 0}
		if both := a.plus(b); l.sure(&a) && !r.safe(&both) {
			t.Errorf("with minimum %d, %+v is not safe with %+v", r.Minimum, a, b)
		}
	})
}

func TestALargeGroupIsNotSureWhileOthersMayBringTooFewWhoMoved(t *testing.T) {
	l, d := lines{rule: Rule{5}}, digestOf(aggregateOf(mixed(20)))
	if l.sure(&d) {
		t.Error("two who moved may join, and would be told apart")
	}
	if l.still = true; !l.sure(&d) {
		t.Error("nobody moved, and twenty who differ are not sure")
	}
}

func TestPlusLeavesItsOperandsAlone(t *testing.T) {
	a, b := aggregateOf(mixed(7)), aggregateOf(sevenAlike())
	a.Plus(b)
	if want := aggregateOf(mixed(7)); !reflect.DeepEqual(a, want) {
		t.Errorf("a became %+v", a)
	}
}

func TestExtremes(t *testing.T) {
	tests := map[string]struct {
		group Aggregate
		want  bool
	}{
		"nobody":                            {Aggregate{Spread: Spread{Counts: []int{0, 0}}}, false},
		"nothing known but the size":        {Aggregate{N: 12}, false},
		"all gave one value":                {Aggregate{N: 40, Spread: Spread{Counts: []int{0, 40, 0}}}, true},
		"all chose the same two options":    {Aggregate{N: 40, Spread: Spread{Counts: []int{40, 0, 40}}}, true},
		"one option all chose, others some": {Aggregate{N: 40, Spread: Spread{Counts: []int{12, 40, 39}}}, true},
		"none chose any option":             {Aggregate{N: 40, Spread: Spread{Counts: []int{0, 0}}}, true},
		"all but one gave one value":        {Aggregate{N: 40, Spread: Spread{Counts: []int{1, 39, 0}}}, false},
		"nine on one side":                  {Aggregate{N: 9, Spread: Spread{Favourable: 9}}, true},
		"nine on the other":                 {Aggregate{N: 9, Spread: Spread{Unfavourable: 9}}, true},
		"ten on one side":                   {Aggregate{N: 10, Spread: Spread{Favourable: 10}}, false},
		"nine on one side but for one":      {Aggregate{N: 9, Spread: Spread{Favourable: 8}}, false},
		"one score":                         {Aggregate{N: 40, Spread: Spread{HasRange: true, Min: 50, Max: 50}}, true},
		"two scores":                        {Aggregate{N: 40, Spread: Spread{HasRange: true, Min: 50, Max: 55}}, false},
		"one score among values that vary":  {Aggregate{N: 12, Spread: Spread{Counts: []int{6, 6}, HasRange: true, Min: 1, Max: 1}}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.group.Extreme(); got != test.want {
				t.Errorf("extreme is %v, want %v", got, test.want)
			}
		})
	}
}

func TestARuleWithoutMinimumIsTheDefault(t *testing.T) {
	if (Rule{}).Safe(Aggregate{N: 4}) || !(Rule{}).Safe(Aggregate{N: 5}) {
		t.Error("the zero rule shows groups of under five, or hides five")
	}
}

func TestTwoGroupsAreAlikeOnlyInWhatBothAgreeOn(t *testing.T) {
	of := func(counts ...int) digest { return digestOf(Aggregate{N: 20, Spread: Spread{Counts: counts}}) }
	first, second, both, many := of(20, 3, 0), of(4, 20, 0), of(20, 20, 1), of(slices.Repeat([]int{1}, 200)...)
	for name, test := range map[string]struct {
		a, b digest
		want bool
	}{
		"one agrees on an option, the other on another": {first, second, false},
		"both agree on one of them":                     {first, both, true},
		"nobody agrees among two hundred":               {many, first, false},
	} {
		if sum := test.a.plus(test.b); sum.extreme() != test.want {
			t.Errorf("%s: extreme is %v", name, !test.want)
		}
	}
}

func TestTheZeroDecisionHides(t *testing.T) {
	if (Decision{}).Level != Hidden || (TableDecision{}).Total.Level != Hidden {
		t.Error("a decision nobody made shows")
	}
}

// Nobody is a finding among people who agreed to be named; elsewhere it would tell of each that they did not answer.
func TestThatNobodyAnsweredIsToldOnlyOfPeopleWhoAgreedToBeNamed(t *testing.T) {
	for minimum, want := range map[int]Reason{1: NobodyAnswered, 3: TooFew, 0: TooFew} {
		rule := Rule{Minimum: minimum}
		if got := rule.Nobody(); got.Level != Hidden || got.Reason != want {
			t.Errorf("with a minimum of %d: %+v", minimum, got)
		}
		some := Aggregate{N: 6}
		rows := rule.Table([][]Aggregate{{some, {}}, {some, {}}}).Columns
		if rows[1].Level != Hidden || rows[1].Reason != want {
			t.Errorf("with a minimum of %d an empty column is %+v", minimum, rows[1])
		}
	}
}
