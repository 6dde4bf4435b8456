package limit

// What a resolver sends.
func answers() []Limit {
	return nil
}
