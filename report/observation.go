package report

import (
	"bytes"
	"encoding/json"
	"errors"

	"prober/probe"
	"prober/probe/reason"
)

// ReadObservation reads the evidence of a probe. Fields that a newer program has added are
// passed over; a word that it has added to the vocabulary gives an error that NewerWord
// knows.
func ReadObservation(data []byte) (*probe.Observation, error) {
	if !bytes.HasPrefix(data, []byte("{")) {
		return nil, errors.New("not a JSON object")
	}
	o := &probe.Observation{}
	if err := json.Unmarshal(data, o); err != nil {
		return nil, err
	}
	return o, nil
}

// NewerWord reports whether nothing is wrong with an observation but a word of the
// vocabulary that this program does not know: a newer one wrote it.
func NewerWord(err error) bool {
	var unknown *reason.UnknownError
	return errors.As(err, &unknown)
}
