package catalog

// enum is a string type of which all values are known. A value in a file that is not
// among them is an error that lists them.
type enum interface {
	// values returns what the type is called in messages, and all its values.
	values() (noun string, all []string)
}

func (APIStyle) values() (string, []string) { return "an API style", texts(APIStyles()) }
func (Signature) values() (string, []string) {
	return "a signature", texts(StyleAlibabaRPC.Signatures())
}
func (Scheme) values() (string, []string)      { return "a scheme", texts(Schemes()) }
func (TLSVersion) values() (string, []string)  { return "a TLS version", texts(TLSVersions()) }
func (Expectation) values() (string, []string) { return "an expectation", texts(Expectations()) }
func (Situation) values() (string, []string)   { return "a situation", texts(Situations()) }
func (Network) values() (string, []string)     { return "a network", texts(Networks()) }
func (Lifecycle) values() (string, []string)   { return "a lifecycle", texts(Lifecycles()) }

func (Kind) values() (string, []string) { return "a kind", texts(Kinds()) }
func (RecordType) values() (string, []string) {
	return "a type of records that can be asked for", texts(RecordTypes())
}
func (RCode) values() (string, []string) { return "a response code", texts(RCodes()) }
func (Day) values() (string, []string)   { return "a day", texts(Days()) }

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}
