package sandbox

import "prober/probe/reason"

// spec is a fault with what it does, whatever the catalogue.
type spec struct {
	Fault
	scope     scope
	behaviour behaviour
}

// faultOf begins the spec of a fault for reason r that any endpoint can have. The suffix, if
// not empty, tells it from other faults with that reason.
func faultOf(r reason.Reason, suffix, description string, b behaviour) spec {
	name := r.FaultName()
	if suffix != "" {
		name += "_" + suffix
	}
	return spec{
		Fault:     Fault{Name: name, Phase: r.Phase(), Reason: r, Requirement: requirementOf(r), Description: description},
		behaviour: b,
	}
}

// variantOf begins the spec of a variant.
func variantOf(p reason.Phase, name, description string, b behaviour) spec {
	return spec{Fault: Fault{Name: name, Phase: p, Description: description, Variant: true}, behaviour: b}
}

// breachOf begins the spec of a fault that breaks one requirement and has no reason.
func breachOf(requirement, name, description string, b behaviour) spec {
	return spec{Fault: Fault{Name: name, Phase: reason.Verify, Requirement: requirement, Description: description}, behaviour: b}
}

// at says where a fault can be put.
func (s spec) at(where scope) spec {
	s.scope = where
	return s
}

// within says where all of a list can be put.
func within(where scope, list ...spec) []spec {
	for i := range list {
		list[i].scope = where
	}
	return list
}

// by says which way the requests go that a fault is about.
func (s spec) by(w Way) spec {
	s.Way = w
	return s
}

// needing adds a need.
func (s spec) needing(n Need) spec {
	s.Needs = n
	return s
}

// breaking says which requirement a fault is made to break, other than faults of its reason
// usually do.
func (s spec) breaking(requirement string) spec {
	s.Requirement = requirement
	return s
}
