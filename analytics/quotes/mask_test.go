package quotes

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// everybody is a directory, in several scripts.
var everybody = []string{"Mira Kaur", "Müller, Anna-Lena", "Peter Koch", "Will Rose", "Sven de Groot", "Ayşe Yıldız", "山田 太郎",
	"محمد الأحمد", "דנה כהן", "Anna Maria Conti", "Ołena Шевченко", "김 철수", "Ng"}

func masked(t *testing.T, names *Names, text string) string {
	t.Helper()
	pieces := names.Mask(text)
	for _, p := range pieces {
		if p.Mask != Plain && p.Text != "" {
			t.Errorf("a covered piece still has its text: %+v", p)
		}
		if !utf8.ValidString(p.Text) {
			t.Errorf("a letter is cut in two: %q", p.Text)
		}
	}
	return pieces.In(map[Mask]string{Name: "[name]", Email: "[e-mail]", Phone: "[phone]"})
}

func TestNamesAddressesAndNumbersAreCovered(t *testing.T) {
	names := NewNames(everybody, nothingStops)
	for text, want := range map[string]string{
		"Mira Kaur helped me.":                     "[name] helped me.",
		"kaur, MIRA was kind":                      "[name] was kind",
		"Ask Mira, she knows":                      "Ask [name], she knows",
		"Ohne Kaurs Hilfe ginge nichts":            "Ohne [name] Hilfe ginge nichts",
		"Mira Kaurs Idee":                          "[name] Idee",
		"Mira's idea":                              "[name]'s idea",
		"Anna-Lena Muller is great":                "[name] is great",
		"Frau Müller half sofort":                  "Frau [name] half sofort",
		"Dr. Rosalind E. Franklin said so":         "Dr. [name] said so",
		"Ask Dr. R. E. Franklin. Everybody knows":  "Ask Dr. [name]. Everybody knows",
		"Frau K. sagte nichts":                     "Frau K. sagte nichts",
		"Herr Lovelace Bescheid geben":             "Herr [name] Bescheid geben",
		"Der Koch in der Kantine, nicht P. Koch":   "Der Koch in der Kantine, nicht P. [name]",
		"Peter Koch":                               "[name]",
		"Will the rose window open?":               "Will the rose window open?",
		"Will Rose opened it":                      "[name] opened it",
		"Herr Unbekannt aus dem Support":           "Herr [name] aus dem Support",
		"I miss Teams and Excel":                   "I miss Teams and Excel",
		"Ayşe'nin fikri":                           "[name]'nin fikri",
		"山田太郎さんに聞いた":                               "[name]さんに聞いた",
		"山田さんに聞いた":                                 "[name]さんに聞いた",
		"山田町の支店":                                   "山田町の支店",
		"محمد الأحمد ساعدني":                       "[name] ساعدني",
		"דנה כהן עזרה":                             "[name] עזרה",
		"Anna Conti was there":                     "[name] was there",
		"김철수 씨가 도왔다":                               "[name] 씨가 도왔다",
		"write to m.kaur+x@example.org.":           "write to [e-mail].",
		"用户@例子.公司 给我写信":                            "[e-mail] 给我写信",
		"Call +49 (0)30 901820-17 or 030/12345678": "Call [phone] or [phone]",
		"01.23.45.67.89 after lunch":               "[phone] after lunch",
		"Tel. 4711 or ext. 123":                    "Tel. [phone] or ext. [phone]",
		"since 01.03.2026 14:30 we wait":           "since 01.03.2026 14:30 we wait",
		"2026-03-01, 10.000.000 rows, 0.5 % @home": "2026-03-01, 10.000.000 rows, 0.5 % @home",
		"": "",
	} {
		if got := masked(t, names, text); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}

func nothingStops(string) bool { return false }

func TestAnEmptyDirectoryStillCoversAddresses(t *testing.T) {
	if got := masked(t, NewNames(nil, nothingStops), "Mira Kaur, mira@example.org"); got != "Mira Kaur, [e-mail]" {
		t.Error(got)
	}
}

func FuzzMaskKeepsWhatItDoesNotCover(f *testing.F) {
	for _, text := range append(everybody, "Frau Müller\xff, 030 1234567", "ＭＩＲＡ Kaur") {
		f.Add(text)
	}
	names := NewNames(everybody, nothingStops)
	f.Fuzz(func(t *testing.T, text string) {
		rest := text
		for _, p := range names.Mask(text) {
			if p.Mask != Plain {
				continue
			}
			at := strings.Index(rest, p.Text)
			if at < 0 {
				t.Fatalf("%q is not in what is left of %q", p.Text, text)
			}
			rest = rest[at+len(p.Text):]
		}
	})
}

// A hundred thousand people and ten thousand comments must not make a page slow; see BENCHMARKS.md for the figures.
func BenchmarkMask(b *testing.B) {
	people := make([]string, 100_000)
	for i := range people {
		people[i] = fmt.Sprintf("Vorname%d Nachname%d", i%3000, i)
	}
	b.Run("names", func(b *testing.B) {
		for b.Loop() {
			NewNames(people, nothingStops)
		}
	})
	names := NewNames(people, nothingStops)
	text := "Nachname77 from the service desk answered within minutes, and the new VPN holds since Tuesday; I hardly noticed."
	b.Run("comments", func(b *testing.B) {
		for b.Loop() {
			for range 10_000 {
				names.Mask(text)
			}
		}
	})
}
