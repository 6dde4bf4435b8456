// Package packages holds what makes a deb and an rpm of the program: the script make, what nfpm puts
// in (nfpm.yaml), the unit of systemd, the user, and what runs at installation. docs/install.md says
// how they are used.
//
// There is no Go to import. The tests make the packages and install, run, upgrade, roll back and
// remove them in a Debian of their own.
package packages
