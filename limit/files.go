package limit

// What a person or another program hands over.
func files() []Limit {
	return nil
}
