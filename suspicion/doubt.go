package suspicion

// Doubt is what nothing tells from trouble of the prober's own network: everything that can tell fails, and
// all of it is one provider's. Its value is what could tell.
type Doubt uint8

// The doubts.
const (
	NoDoubt        Doubt = iota
	NoControl            // a control that takes a connection could
	BeyondControls       // controls tell of connections alone, and what fails lies beyond them
)

// Advice says in a sentence what could tell.
func (d Doubt) Advice() string {
	return map[Doubt]string{
		NoControl:      "A control that is sure to be up (--control NAME:PORT) could.",
		BeyondControls: "A control tells of connections alone, and this lies beyond them; an endpoint of another provider in the list could.",
	}[d]
}
