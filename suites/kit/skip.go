package kit

// SkipReason is the word that the text of a skipped spec begins with, so that reports can
// group them.
type SkipReason string

// The vocabulary of skipped specs.
const (
	// NotSelected: the selection names no endpoint of this product.
	NotSelected SkipReason = "not-selected"
	// NotActive: the endpoint is closed or doubtful; what was seen is written down.
	NotActive SkipReason = "not-active"
	// PrivateNetwork: the endpoint can only be reached from inside the provider's network.
	PrivateNetwork SkipReason = "private-network"
	// NoCredentials: no key of the provider was given, or it may not do this.
	NoCredentials SkipReason = "no-credentials"
	// NoKey: no encryption key was named.
	NoKey SkipReason = "no-key"
	// NotHeavy: the question is large and was not asked for.
	NotHeavy SkipReason = "heavy"
	// Inconclusive: the survey could not tell.
	Inconclusive SkipReason = "inconclusive"
	// NotApplicable: nothing is demanded here.
	NotApplicable SkipReason = "not-applicable"
)

// SkipReasons lists the vocabulary.
func SkipReasons() []SkipReason {
	return []SkipReason{
		NotSelected, NotActive, PrivateNetwork, NoCredentials, NoKey, NotHeavy, Inconclusive, NotApplicable,
	}
}

func (r SkipReason) because(text string) string { return string(r) + ": " + text }
