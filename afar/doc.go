// Package afar reads of a Prometheus server what many probers have written there, shards and vantages, as a source of
// the monitor's pages. It asks for the records of deploy/prometheus and for a few metrics besides; what it does not
// get it does not know, and then every state is unknown.
//
// One loop ([Source.Run]) reads what the page of all endpoints is drawn from, so that pages wait for nothing; what the
// page of one endpoint shows of the past is asked for when somebody looks, and kept until the next reading.
package afar
