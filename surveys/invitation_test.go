package surveys

import (
	"regexp"
	"strings"
	"testing"
)

func TestATokenIsTheSameEachTimeAndOpensItsInvitationOnly(t *testing.T) {
	secret, other := Secret("one"), Secret("two")
	token := secret.Deriver().Token(7, 4711)
	if again := secret.Deriver().Token(7, 4711); again != token {
		t.Errorf("derived again it is %s, before %s", again, token)
	}
	if !regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{32}$`).MatchString(string(token)) {
		t.Errorf("the token is %q", token)
	}
	if id, ok := ReadToken(string(token)); !ok || id != 4711 {
		t.Errorf("it claims to open %d (%v)", id, ok)
	}
	if got, ok := secret.Opens(strings.ToUpper(string(token)), 7, 4711); !ok || got != token {
		t.Errorf("in capitals it opens nothing: %q, %v", got, ok)
	}
	for name, opens := range map[string]bool{
		"another wave":       second(secret.Opens(string(token), 8, 4711)),
		"another invitation": second(secret.Opens(string(token), 7, 4712)),
		"another secret":     second(other.Opens(string(token), 7, 4711)),
		"a prefix":           second(secret.Opens(string(token[:31]), 7, 4711)),
		"nothing":            second(secret.Opens("", 7, 4711)),
	} {
		if opens {
			t.Errorf("%s is opened", name)
		}
	}
}

func second(_ Token, ok bool) bool { return ok }

func TestWhatIsNoTokenIsNotRead(t *testing.T) {
	token := string(Secret("one").Deriver().Token(7, MostInvitations))
	if id, ok := ReadToken(token); !ok || id != MostInvitations {
		t.Fatalf("the highest id is read as %d, %v", id, ok)
	}
	for _, typed := range []string{"", token + "0", token[1:], strings.Repeat("u", 32), strings.Repeat("é", 16), "../../etc/passwd", token + "\n", token[:31] + "=", token[:31] + "\x00"} {
		if _, ok := ReadToken(typed); ok {
			t.Errorf("%q is read as a token", typed)
		}
	}
}

// Whoever has a token, a receipt and every id that follows from them must not be able to join them by comparing.
func TestAMarkSharesNothingWithItsTokenOrWithAnyReceipt(t *testing.T) {
	secret := Secret("one")
	d := secret.Deriver()
	token := d.Token(7, 4711)
	mark := d.Mark(token)
	if mark != d.Mark(token) || mark == d.Mark(d.Token(7, 4712)) || mark == Secret("two").Deriver().Mark(token) {
		t.Error("a mark is not the one of its token and secret")
	}
	proof, err := receiptEncoding.DecodeString(strings.ToUpper(string(token)))
	if err != nil {
		t.Fatal(err)
	}
	receipt := Receipt(strings.ToUpper(string(token[:26])))
	for name, id := range map[string]ID{"the token's own hash": ID(proof[4:]), "a response": d.ResponseID(receipt), "the token as a receipt": d.ResponseID(Receipt(token)), "a comment": d.CommentID(Receipt(token), "answered")} {
		if ID(mark) == id {
			t.Errorf("the mark is %s", name)
		}
	}
}
