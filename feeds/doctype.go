package feeds

import (
	"bytes"
	"html"
	"strings"
)

// Bounds of the entities that a document may declare for itself: enough for the
// names of a few firms and namespaces, and nothing that grows.
const (
	maxEntities    = 64
	maxEntityValue = 256 // bytes
)

// expandEntities replaces the references to entities that the document type before
// the root declares. Only plain values count: an entity that names another one, a
// file or an address stays as it is written, so that nothing grows and nothing is fetched.
func expandEntities(root, prolog []byte) []byte {
	if !bytes.Contains(prolog, []byte("<!ENTITY")) {
		return root
	}
	var pairs []string
	for name, value := range declaredEntities(prolog) {
		pairs = append(pairs, "&"+name+";", html.EscapeString(value))
	}
	if len(pairs) == 0 {
		return root
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(root)))
}

// declaredEntities are the general entities with plain values.
func declaredEntities(prolog []byte) map[string]string {
	entities := map[string]string{}
	for len(entities) < maxEntities {
		_, rest, ok := bytes.Cut(prolog, []byte("<!ENTITY"))
		if !ok {
			break
		}
		prolog = rest
		declaration := bytes.TrimLeft(rest, " \t\r\n")
		key := string(name(declaration))
		value := bytes.TrimLeft(declaration[len(key):], " \t\r\n")
		if key == "" || len(value) == 0 || value[0] != '"' && value[0] != '\'' {
			continue // of parameters, or somewhere else
		}
		text, _, ok := strings.Cut(string(value[1:]), string(value[0]))
		if !ok || len(text) > maxEntityValue {
			continue
		}
		// Twice: a reference in the value to "&" is itself the beginning of one.
		text = html.UnescapeString(html.UnescapeString(text))
		if i := strings.IndexByte(text, '&'); i >= 0 && strings.Contains(text[i:], ";") {
			continue
		}
		if _, taken := entities[key]; !taken {
			entities[key] = text
		}
	}
	return entities
}
