// Package release holds what makes a release: archives by goreleaser, packages, the container image, the
// list of parts of each program, and their sums; and the steps of the workflow that signs and publishes
// them on a tag, a file a step. docs/releasing.md says how a release is made and how one is checked.
//
// There is no Go to import. The tests run the steps as the workflow has them, with stand-ins of gh,
// cosign and go; deploy/release/rehearse makes everything, twice, and signs and publishes nothing.
package release
