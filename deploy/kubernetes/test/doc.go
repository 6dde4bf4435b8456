// Package test installs the chart into a real control plane, and lets what that makes run.
//
// Real are etcd, the API server, the controllers that make the pods, claims and budgets, Helm, the operator of
// Prometheus, Prometheus itself, and the prober. Not real is the machine below: [Node] takes the part of scheduler and
// kubelet. It binds pods, and runs the command line of each as a process of its own, with the pod's environment, in a file
// system that has nothing but the program and the pod's volumes, read-only as the pod says, as the pod's user.
// All pods share one network, so each is given an address of its own on loopback, and its prober listens there alone in
// place of on all addresses: that is the one thing that is changed in what the chart made. No Service leads to such an
// address, for the API takes none of loopback; so a PodMonitor is what Prometheus scrapes by.
//
// It takes minutes, and programs that take longer to build; the script run beside this file has them built.
package test
