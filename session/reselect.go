package session

// Reselect makes the next [Session.Reload] select the endpoints that o selects, from the list that o
// names.
func (s *Session) Reselect(o Options) {
	s.Options.Endpoints, s.Options.Products, s.Options.Regions, s.Options.Networks = o.Endpoints, o.Products, o.Regions, o.Networks
}
