package serving

import (
	"bufio"
	"encoding/json"
	"io"

	"prober/prose"
)

// guardedText writes text for people. Whatever somebody put into a certificate, a reply or a list,
// nothing that hides, or that a terminal obeys, leaves the prober.
func guardedText(out io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(prose.Guard(out), piece)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

// guardedJSON writes a value, with such characters as escapes, which say the same to whoever decodes
// it.
func guardedJSON(out io.Writer, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = out.Write(append(prose.JSON(text), '\n'))
	return err
}
