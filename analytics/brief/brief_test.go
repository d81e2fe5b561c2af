package brief

import "testing"

// Whoever reads a language that a text has only variants of gets the same one every time.
func TestOfTwoVariantsOfALanguageTheSameIsReadEveryTime(t *testing.T) {
	w := Words{Own: "en", By: map[string]string{"en": "Laptops", "de-AT": "Klapprechner", "de-CH": "Laptops für alle"}}
	for range 50 {
		if text, lang := w.In("de"); text != "Klapprechner" || lang != "de-AT" {
			t.Fatalf("in German it is %q (%s)", text, lang)
		}
	}
	if text, lang := w.In("fr"); text != "Laptops" || lang != "en" {
		t.Errorf("in French it is %q (%s)", text, lang)
	}
}
