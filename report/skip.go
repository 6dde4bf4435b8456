package report

// SkipReason is the word for why a result is [Skip]: lower-case words joined by hyphens.
// What could not be decided and what no document demands are outcomes of their own, and no
// reasons. A report carries any such word, so that a program renders what a newer one has
// written.
type SkipReason string

// The reasons of this program.
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
	// NoEcho: the API does not repeat the string that it signed, by which its reading of a text
	// could be judged.
	NoEcho SkipReason = "no-echo"
)
