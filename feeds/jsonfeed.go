package feeds

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"strings"
)

// jsonFrame is what of a JSON Feed is kept beside its items when it is put
// together again, and what gofeed does not read.
type jsonFrame struct {
	fields map[string]json.RawMessage
	items  []json.RawMessage
	listed bool // there was an "items" list
	cut    bool // the text ends, or breaks, in the middle
}

// readJSON reads JSON Feed 1.0 and 1.1.
func (d *Document) readJSON(text []byte, base *url.URL) (*Document, error) {
	if text[0] == '[' {
		return nil, &FormatError{"this is a JSON list, not a JSON Feed"}
	}
	frame := openJSON(text)
	var version string
	_ = json.Unmarshal(frame.fields["version"], &version)
	if !frame.listed && !strings.Contains(version, "jsonfeed") {
		if len(frame.fields) == 0 {
			return nil, &FormatError{"this is neither XML nor JSON, and so not a feed"}
		}
		return nil, &FormatError{"this is JSON, but not a JSON Feed"}
	}
	p, err := callGofeed(text, "json")
	if err != nil || frame.cut {
		p = d.salvageJSON(frame)
	}
	if p == nil {
		return nil, &FormatError{"the JSON Feed is damaged beyond repair"}
	}
	if frame.cut {
		d.warn("document ends in the middle: %s before the break", plural(p.count(), "item"))
	}
	d.Format = "json"
	d.Hub = frame.hub()
	d.take(p, base, "")
	return d, nil
}

// openJSON reads the top level of an object as far as it goes.
func openJSON(text []byte) jsonFrame {
	f := jsonFrame{fields: map[string]json.RawMessage{}}
	dec := json.NewDecoder(bytes.NewReader(text))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		f.cut = true
		return f
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			f.cut = true
			return f
		}
		if name, _ := key.(string); name == "items" {
			if !f.readItems(dec) {
				return f
			}
			continue
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			f.cut = true
			return f
		}
		if len(f.fields) < 100 {
			f.fields[key.(string)] = value
		}
	}
	if _, err := dec.Token(); err != nil && err != io.EOF {
		f.cut = true
	}
	return f
}

// readItems reads the list of items; false when the text breaks in it.
func (f *jsonFrame) readItems(dec *json.Decoder) bool {
	t, err := dec.Token()
	if err != nil {
		f.cut = true
		return false
	}
	if t != json.Delim('[') {
		return t != json.Delim('{') // a number or a string is passed over, an object is no feed
	}
	f.listed = true
	for dec.More() {
		var item json.RawMessage
		if err := dec.Decode(&item); err != nil {
			f.cut = true
			return false
		}
		if len(f.items) <= MaxItems {
			f.items = append(f.items, item)
		}
	}
	if _, err := dec.Token(); err != nil {
		f.cut = true
		return false
	}
	return true
}

// salvageJSON has gofeed read each item alone, so that one of a wrong type
// costs no other.
func (d *Document) salvageJSON(f jsonFrame) *parsed {
	fields := map[string]json.RawMessage{}
	for _, key := range []string{"version", "title", "home_page_url", "feed_url", "language", "authors", "author"} {
		if v, ok := f.fields[key]; ok {
			fields[key] = v
		}
	}
	var all *parsed
	lost := 0
	for _, item := range f.items {
		fields["items"] = append(append([]byte{'['}, item...), ']')
		one, err := json.Marshal(fields)
		if err != nil {
			lost++
			continue
		}
		p, err := callGofeed(one, "json")
		if err != nil && len(fields) > 1 { // perhaps it is the frame that is wrong
			if p, err = callGofeed([]byte(`{"items":[`+string(item)+`]}`), "json"); err == nil {
				fields = map[string]json.RawMessage{}
			}
		}
		if err != nil || p.count() != 1 || p.json.Items[0] == nil {
			lost++
			continue
		}
		all = join(all, p)
	}
	if lost > 0 {
		d.warn("%s could not be read", plural(lost, "item"))
	}
	if all == nil && len(f.items) == 0 {
		all, _ = callGofeed([]byte(`{"items":[]}`), "json")
	}
	return all
}

// hub is the feed's WebSub hub.
func (f *jsonFrame) hub() string {
	var hubs []struct{ Type, URL string }
	if json.Unmarshal(f.fields["hubs"], &hubs) != nil {
		return ""
	}
	for _, h := range hubs {
		if strings.EqualFold(h.Type, "WebSub") || strings.EqualFold(h.Type, "PubSubHubbub") {
			return absolute(nil, h.URL)
		}
	}
	return ""
}
