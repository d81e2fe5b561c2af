package markdown

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"soundings/surveys/shareddata"
)

// allowed is every tag that may stand on a page, with its attributes.
var allowed = map[string][]string{"p": nil, "br": nil, "strong": nil, "em": nil, "ul": nil, "ol": nil, "li": nil, "blockquote": nil, "code": nil, "pre": nil, "a": {"href", "rel"}}

// harmless reads HTML as a browser does and tells what it may not hold.
func harmless(t *testing.T, source string) {
	t.Helper()
	out, err := HTML(source)
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	z := html.NewTokenizer(strings.NewReader(string(out)))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		token := z.Token()
		if kind == html.TextToken || kind == html.EndTagToken {
			continue
		}
		attributes, ok := allowed[token.Data]
		if !ok {
			t.Fatalf("%q becomes %s with %s", source, out, token)
		}
		for _, a := range token.Attr {
			lower := strings.ToLower(a.Val)
			web := strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "mailto:")
			if !strings.Contains(strings.Join(attributes, " "), a.Key) || a.Key == "href" && !web {
				t.Fatalf("%q becomes %s with %s", source, out, token)
			}
		}
	}
}

func TestWhatIsTypedCannotBringAScriptOntoThePage(t *testing.T) {
	hostile := []string{
		"<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "[x](javascript:alert(1))", "[x](JaVaScRiPt&colon;alert(1))", "[x](data:text/html;base64,AAAA)",
		"![x](https://example.org/tracker.png)", "<https://example.org/\"onmouseover=alert(1)>", "[x](https://example.org \"onclick=alert(1)\")", "<a href=\"https://x\" style=\"x\">",
		"<div>\n<svg/onload=alert(1)>\n</div>", "<!--><script>alert(1)</script>-->", "`<b>`", "[x]: javascript:alert(1)\n\n[x]", "<style>@import 'x'</style>", "[x](//example.org)", "[x](/accounts)",
	}
	if path, ok := shareddata.Find(t, "nasty/blns.json"); ok {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		if err := json.Unmarshal(src, &list); err != nil || len(list) < 500 {
			t.Fatalf("%d strings, %v", len(list), err)
		}
		hostile = append(hostile, list...)
	}
	for _, s := range hostile {
		for _, source := range []string{s, "# " + s, "- " + s, "> " + s, "[" + s + "](" + s + ")", "**" + s + "**", "<div>\n" + s} {
			harmless(t, source)
		}
	}
}

func TestNothingTypedIsLostOnThePage(t *testing.T) {
	for source, want := range map[string]string{
		"Press <Enter> twice":                "<p>Press &lt;Enter&gt; twice</p>\n",
		"<script>\nlost?\n</script>":         "<p>&lt;script&gt;\nlost?\n&lt;/script&gt;</p>\n",
		"# Why\n\nBecause.\nReally.":         "<p><strong>Why</strong></p>\n<p>Because.<br>\nReally.</p>\n",
		"![the plan](https://example.org/p)": "<p>the plan</p>\n",
		"**a** *b* `c`\n\n1. d\n2. e":        "<p><strong>a</strong> <em>b</em> <code>c</code></p>\n<ol>\n<li>d</li>\n<li>e</li>\n</ol>\n",
		"[plan](https://example.org/p?a=1)":  "<p><a href=\"https://example.org/p?a=1\" rel=\"noreferrer\">plan</a></p>\n",
		"[plan](javascript:x)":               "<p>plan</p>\n",
	} {
		if got, err := HTML(source); err != nil || string(got) != want {
			t.Errorf("%q\ngives %q\nwant  %q (%v)", source, got, want, err)
		}
	}
}
