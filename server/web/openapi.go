package web

import (
	_ "embed" // the description of the API is a file beside this one
	"encoding/json"
	"fmt"
)

//go:embed openapi.json
var openAPIDocument []byte

// openAPI is the description of the API with this server's address in it.
func openAPI(base string) ([]byte, error) {
	var doc map[string]any
	if err := json.Unmarshal(openAPIDocument, &doc); err != nil {
		return nil, fmt.Errorf("web: openapi.json: %w", err)
	}
	doc["servers"] = []map[string]string{{"url": base + "/api/v1"}}
	return json.MarshalIndent(doc, "", "  ")
}
