package main

import (
	"path/filepath"
	"slices"
	"strings"

	"prober/cloudapi"
	"prober/limit"
)

// credentialsVariable names the folder into which a service manager lays credentials (LoadCredential of systemd).
const credentialsVariable = "CREDENTIALS_DIRECTORY"

// keyVariables are those in which keys are given.
func keyVariables() []string {
	return []string{
		cloudapi.EnvAlibabaID, cloudapi.EnvAlibabaSecret, cloudapi.EnvAlibabaToken,
		cloudapi.EnvTencentID, cloudapi.EnvTencentSecret, cloudapi.EnvTencentToken,
	}
}

// credentialed lets a file of the service manager's that is called as the variable of a key stand for that variable, where
// it is not set: variables of a service can be read by whoever may ask for its settings.
func (a *app) credentialed(getenv func(string) string) func(string) string {
	dir := getenv(credentialsVariable)
	if dir == "" {
		return getenv
	}
	return func(name string) string {
		if v := getenv(name); v != "" || !slices.Contains(keyVariables(), name) {
			return v
		}
		text, err := a.files.Read(filepath.Join(dir, name), limit.KeyBytes)
		if err != nil {
			return "" // as a variable that nobody has set
		}
		return strings.TrimSpace(string(text))
	}
}
