package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// errSwitch says what a flag that is a switch may be set to.
var errSwitch = errors.New("want true or false")

// wantedOf says of a value that cannot be read what is wanted, where the library names its own function.
func wantedOf(err error) error {
	if bad := (*strconv.NumError)(nil); errors.As(err, &bad) && bad.Func == "ParseBool" {
		return errSwitch
	}
	return err
}

// plainly is the error of a flag in words for people.
func plainly(err error) error {
	bad := (*pflag.InvalidValueError)(nil)
	if !errors.As(err, &bad) || !errors.Is(wantedOf(bad.Unwrap()), errSwitch) {
		return err
	}
	return fmt.Errorf("invalid argument %q for \"--%s\" flag: %w", bad.GetValue(), bad.GetFlag().Name, errSwitch)
}
