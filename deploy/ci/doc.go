// Package ci holds what runs prober in other people's CI: the steps of the action for GitHub, which
// stands at the root of the repository as action.yml, a template for GitLab, a pipeline for Jenkins
// and a CronJob for Kubernetes. docs/ci.md says how each is used.
//
// There is no Go to import. The tests run every one of these as it is written, with the program and
// with stand-ins of what the CI system brings: gh, the runner's files and variables, its actions.
package ci
