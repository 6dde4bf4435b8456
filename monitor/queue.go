package monitor

import "time"

// job is an endpoint whose turn has come.
type job struct {
	endpoint *endpoint
	due      time.Time
}

// queue holds the jobs that wait for a worker, first in, first out. An endpoint is in it
// at most once, so it is never longer than the list.
type queue []job

func (q *queue) push(j job) { *q = append(*q, j) }

func (q *queue) pop() job {
	j := (*q)[0]
	(*q)[0] = job{} // let a removed endpoint go
	*q = (*q)[1:]
	return j
}
