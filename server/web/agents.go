package web

import "strings"

// known is a browser or system and what gives it away in a User-Agent header.
type known struct{ mark, name string }

// browser tells in a few words which browser a User-Agent header is of, as well as anybody needs to recognise their own.
func (p *phrases) browser(agent string) string {
	// In this order: most of them also claim to be those that follow.
	browser := firstOf(agent, known{"Edg", "Edge"}, known{"OPR/", "Opera"}, known{"Firefox/", "Firefox"}, known{"FxiOS/", "Firefox"},
		known{"Chrome/", "Chrome"}, known{"CriOS/", "Chrome"}, known{"Safari/", "Safari"}, known{"curl/", "curl"})
	system := firstOf(agent, known{"Windows", "Windows"}, known{"Android", "Android"}, known{"iPhone", "iPhone"}, known{"iPad", "iPad"},
		known{"Mac OS X", "macOS"}, known{"CrOS", "ChromeOS"}, known{"Linux", "Linux"})
	switch {
	case browser == "":
		return p.say("account_browser_unknown")
	case system == "":
		return browser
	}
	return p.say("account_browser", "Browser", browser, "System", system)
}

func firstOf(agent string, list ...known) string {
	for _, k := range list {
		if strings.Contains(agent, k.mark) {
			return k.name
		}
	}
	return ""
}
