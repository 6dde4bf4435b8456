// Package view is what is known of endpoints, and of those who probe them, as data: between package monitor and package
// afar, which fill it in, and package page, which shows it. The JSON that scripts rely on is that of these types.
package view
