package stats

import (
	"fmt"
	"math"
)

const (
	// Significance is the corrected p below which a move is more than chance.
	Significance = 0.05
	// SmallestMove is the least move, in points, worth speaking of, however certain.
	SmallestMove = 5.0

	// pointRounding keeps 64.1 - 59.1, a hair under 5 in binary, a move of 5 points.
	pointRounding = 1e-9
)

// Verdict is what a comparison comes to. The zero value claims nothing.
type Verdict int

const (
	NotComparable Verdict = iota // no test was possible
	NoClearChange                // a finding, not a failure: chance explains it, or it is too small to matter
	ClearlyUp
	ClearlyDown
)

// String is a stable name for keys and encodings, not a text for readers.
func (v Verdict) String() string {
	switch v {
	case NotComparable:
		return "not_comparable"
	case NoClearChange:
		return "no_clear_change"
	case ClearlyUp:
		return "clearly_up"
	case ClearlyDown:
		return "clearly_down"
	}
	return fmt.Sprintf("Verdict(%d)", int(v))
}

// MarshalText encodes a verdict by its name.
func (v Verdict) MarshalText() ([]byte, error) {
	if v < NotComparable || v > ClearlyDown {
		return nil, fmt.Errorf("encode verdict: %d is none", int(v))
	}
	return []byte(v.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (v *Verdict) UnmarshalText(text []byte) error {
	for known := NotComparable; known <= ClearlyDown; known++ {
		if known.String() == string(text) {
			*v = known
			return nil
		}
	}
	return fmt.Errorf("decode verdict: %q is none", text)
}

// Judge calls a difference (in points) clear only if its p, corrected by [Holm] over
// all that is shown with it, is under 0.05 and the move is at least 5 points. A p
// that is no probability, NaN above all, is of something that could not be tested.
func Judge(difference, adjustedP float64) Verdict {
	switch {
	case !(adjustedP >= 0 && adjustedP <= 1) || math.IsNaN(difference):
		return NotComparable
	case adjustedP >= Significance:
		return NoClearChange
	case difference >= SmallestMove-pointRounding:
		return ClearlyUp
	case difference <= -SmallestMove+pointRounding:
		return ClearlyDown
	}
	return NoClearChange
}
