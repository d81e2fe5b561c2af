package surveys_test

import (
	"encoding/base32"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys"
)

const aReceipt = surveys.Receipt("0123456789ABCDEFGHJKMNPQRS")

func TestReceiptsAreReadAsPeopleTypeThem(t *testing.T) {
	for name, typed := range map[string]string{
		"as shown":         aReceipt.Grouped(),
		"in one piece":     string(aReceipt),
		"lower case":       strings.ToLower(string(aReceipt)),
		"spaces":           " 01234 56789 ABCDE FGHJK MNPQR S ",
		"tabs and lines":   "01234\t56789\r\nABCDE\nFGHJKMNPQRS\r\n",
		"O for 0, I for 1": "OI23456789ABCDEFGHJKMNPQRS",
		"o for 0, l for 1": "ol23456789abcdefghjkmnpqrs",
		"every dash":       "0-1-2-3-4-5-6-7-8-9-A-B-C-D-E-F-G-H-J-K-M-N-P-Q-R-S",
		"no-break spaces":  "01234\u00a056789\u00a0ABCDE\u202fFGHJK\u2009MNPQR\u00a0S",
		"clever dashes":    "01234\u201356789\u2014ABCDE\u2011FGHJK\u2010MNPQR\u2013S",
		"space at the end": "01234-56789-ABCDE-FGHJK-MNPQR-S\u00a0",
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := surveys.ParseReceipt(typed); !ok || got != aReceipt {
				t.Errorf("%q reads as %q, %v", typed, got, ok)
			}
		})
	}
}

func TestWhatIsNoReceiptIsRefused(t *testing.T) {
	for name, typed := range map[string]string{
		"nothing":          "",
		"only dashes":      "-----",
		"one short":        string(aReceipt[1:]),
		"one long":         string(aReceipt) + "0",
		"a letter U":       "U" + string(aReceipt[1:]),
		"a letter beyond":  "é" + string(aReceipt[1:]),
		"full-width digit": "０" + string(aReceipt[1:]),
		"a zero byte":      string(aReceipt[:25]) + "\x00",
		"no UTF-8":         string(aReceipt[:25]) + "\xff",
		"a megabyte":       strings.Repeat("-", 1<<20) + string(aReceipt),
		"quotes":           `"` + string(aReceipt) + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := surveys.ParseReceipt(typed); ok || got != "" {
				t.Errorf("reads as %q, %v", got, ok)
			}
		})
	}
}

func TestReceiptsHold128RandomBits(t *testing.T) {
	alphabet := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
	const drawn = 2000
	var ones [128]int
	seen := map[surveys.Receipt]bool{}
	for range drawn {
		r := surveys.NewReceipt()
		if seen[r] {
			t.Fatal("the same receipt twice")
		}
		seen[r] = true
		raw, err := alphabet.DecodeString(string(r))
		if err != nil || len(raw) != 16 {
			t.Fatalf("%q holds %d bytes (%v), want 16", r, len(raw), err)
		}
		for i := range ones {
			ones[i] += int(raw[i/8] >> (i % 8) & 1)
		}
	}
	for i, n := range ones {
		// 1,000 expected, standard deviation 22: eight of them away happens once in 10^15.
		if n < drawn/2-179 || n > drawn/2+179 {
			t.Errorf("bit %d is set in %d of %d receipts", i, n, drawn)
		}
	}
}

func TestGroupedReceiptsAndCodesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := surveys.Receipt(rapid.StringOfN(rapid.RuneFrom([]rune("0123456789ABCDEFGHJKMNPQRSTVWXYZ")), 26, 26, -1).Draw(t, "receipt"))
		grouped := r.Grouped()
		if len(grouped) != 30 {
			t.Fatalf("%q is not four groups of five and one of six", grouped)
		}
		for i, part := range strings.Split(grouped, "-") {
			if want := []int{5, 5, 5, 5, 6}[i]; len(part) != want {
				t.Fatalf("group %d of %q has %d characters", i, grouped, len(part))
			}
		}
		if back, ok := surveys.ParseReceipt(grouped); !ok || back != r {
			t.Fatalf("%q reads back as %q, %v", grouped, back, ok)
		}
	})
	code := surveys.NewCode()
	if len(code) != 26 || strings.ToLower(code) != code {
		t.Errorf("code %q", code)
	}
	if _, ok := surveys.ParseReceipt(code); !ok {
		t.Errorf("code %q is not 128 bits of the receipts' alphabet", code)
	}
}

func TestIdsOfDifferentThingsDiffer(t *testing.T) {
	s := surveys.Secret("a secret of the installation")
	ids := map[surveys.ID]string{}
	for name, id := range map[string]surveys.ID{
		"response":                 s.ResponseID(aReceipt),
		"comment on a":             s.CommentID(aReceipt, "a"),
		"comment on b":             s.CommentID(aReceipt, "b"),
		"comment without question": s.CommentID(aReceipt, ""),
		"part boundary 1":          s.ImportedID("ab", "c"),
		"part boundary 2":          s.ImportedID("a", "bc"),
		"part boundary 3":          s.ImportedID("abc"),
		"part boundary 4":          s.ImportedID("abc", ""),
		"part boundary 5":          s.ImportedID("", "abc"),
		"a separator as text 1":    s.ImportedID("a:b"),
		"a separator as text 2":    s.ImportedID("a", "b"),
		"counterfeit length":       s.ImportedID("ab1:c"),
		"counterfeit response":     s.ImportedID("response", string(aReceipt)),
		"counterfeit comment":      s.ImportedID("comment", "a", string(aReceipt)),
		"question as receipt":      s.CommentID("a", string(aReceipt)),
		"another secret":           surveys.Secret("another secret").ResponseID(aReceipt),
		"another receipt":          s.ResponseID(aReceipt[:25] + "T"),
	} {
		if other, taken := ids[id]; taken {
			t.Errorf("%s and %s have the same id", name, other)
		}
		ids[id] = name
	}
	if again := surveys.Secret("a secret of the installation").ResponseID(aReceipt); ids[again] != "response" {
		t.Error("the same receipt leads to different ids")
	}
}

func TestIdsKeepPartBoundariesApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[0-9:ab]{0,4}`)
		a := rapid.SliceOfN(part, 0, 4).Draw(t, "a")
		b := rapid.SliceOfN(part, 0, 4).Draw(t, "b")
		s := surveys.Secret("k")
		same := strings.Join(a, "\x00")+"\x00" == strings.Join(b, "\x00")+"\x00" && len(a) == len(b)
		if (s.ImportedID(a...) == s.ImportedID(b...)) != same {
			t.Fatalf("%q and %q", a, b)
		}
	})
}
