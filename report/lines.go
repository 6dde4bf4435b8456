package report

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// EndpointLines returns the line, from 1, on which a catalogue's file begins each endpoint,
// by id. name is what errors call the file.
func EndpointLines(name string, file []byte) (map[string]int, error) {
	dec := json.NewDecoder(bytes.NewReader(file))
	lines := map[string]int{}
	if err := enter(dec, '{'); err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("reading %q: %w", name, err)
		}
		if key != "endpoints" {
			var other json.RawMessage
			if err := dec.Decode(&other); err != nil {
				return nil, fmt.Errorf("reading %q: %w", name, err)
			}
			continue
		}
		if err := endpointLines(dec, file, lines); err != nil {
			return nil, fmt.Errorf("reading the endpoints of %q: %w", name, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, err)
	}
	return lines, nil
}

// endpointLines reads the list of endpoints, at which dec stands.
func endpointLines(dec *json.Decoder, file []byte, lines map[string]int) error {
	if err := enter(dec, '['); err != nil {
		return err
	}
	line, counted := 1, int64(0)
	for dec.More() {
		// Between two elements dec stands before the comma and the white space.
		at := dec.InputOffset()
		at += int64(bytes.IndexByte(file[at:], '{')) // an element that is no object fails below
		if at < counted {
			at = counted
		}
		line += bytes.Count(file[counted:at], []byte("\n"))
		counted = at
		var e struct {
			ID string `json:"id"`
		}
		if err := dec.Decode(&e); err != nil {
			return err
		}
		lines[e.ID] = line
	}
	_, err := dec.Token()
	return err
}

// enter reads the beginning of an object or a list.
func enter(dec *json.Decoder, want json.Delim) error {
	token, err := dec.Token()
	if err == nil && token != want {
		err = fmt.Errorf("%v where a %v belongs", token, want)
	}
	return err
}
