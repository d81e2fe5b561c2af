package surveys

import (
	"strings"
	"testing"
)

func TestASealedValueIsReadByItsInstallationAndPurposeOnly(t *testing.T) {
	ours, theirs := Secret(strings.Repeat("a", 32)), Secret(strings.Repeat("b", 32))
	sealed, err := ours.Seal("mail.password", "tr0ub4dor")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, "tr0ub4dor") {
		t.Error("a sealed value can be read")
	}
	again, err := ours.Seal("mail.password", "tr0ub4dor")
	if err != nil || again == sealed {
		t.Errorf("equal values look the same when sealed: %v", err)
	}
	if plain, err := ours.Unseal("mail.password", sealed); err != nil || plain != "tr0ub4dor" {
		t.Errorf("unsealed %q: %v", plain, err)
	}
	changed := []byte(sealed)
	changed[len(changed)/2] ^= 1
	for name, try := range map[string]func() (string, error){
		"another installation": func() (string, error) { return theirs.Unseal("mail.password", sealed) },
		"another purpose":      func() (string, error) { return ours.Unseal("webhook", sealed) },
		"changed":              func() (string, error) { return ours.Unseal("mail.password", string(changed)) },
		"cut short":            func() (string, error) { return ours.Unseal("mail.password", sealed[:8]) },
		"not sealed":           func() (string, error) { return ours.Unseal("mail.password", "tr0ub4dor") },
	} {
		if plain, err := try(); err == nil {
			t.Errorf("%s: unsealed as %q", name, plain)
		}
	}
}
