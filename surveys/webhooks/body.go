package webhooks

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"soundings/surveys/settings"
)

// generic is what any program gets.
type generic struct {
	Event    Event    `json:"event"`
	Delivery string   `json:"delivery"`
	Wave     *telling `json:"wave,omitempty"`
}

type telling struct {
	News
	URL string `json:"url"`
}

// body writes the message for a kind of receiver.
func (h *Webhooks) body(ctx context.Context, kind Kind, n News, key string) ([]byte, error) {
	link := h.BaseURL
	if n.Event != Trial {
		link = fmt.Sprintf("%s/waves/%d", h.BaseURL, n.Wave)
	}
	if kind == Generic {
		g := generic{Event: n.Event, Delivery: key}
		if n.Event != Trial {
			g.Wave = &telling{n, link}
		}
		return json.Marshal(g)
	}
	organisation, err := settings.ReadOrganisation(h.Store.Read(ctx))
	if err != nil {
		return nil, err
	}
	sentence, err := h.Words(organisation.Language, n)
	if err != nil {
		return nil, err
	}
	if kind == Slack {
		// Slack's own escapes; without them a title could link or call everybody.
		text := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(sentence)
		return json.Marshal(map[string]any{"text": text + "\n<" + link + ">", "unfurl_links": false})
	}
	return json.Marshal(map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive",
		"content": map[string]any{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
			"body":    []any{map[string]any{"type": "TextBlock", "text": unmarked(sentence), "wrap": true}},
			"actions": []any{map[string]any{"type": "Action.OpenUrl", "title": "Soundings", "url": link}}},
	}}})
}

// unmarked keeps a title from being read as Markdown, which a card's text is.
func unmarked(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "`", "\\`").Replace(text)
}
