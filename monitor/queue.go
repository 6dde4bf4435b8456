package monitor

import "time"

// job is an endpoint whose turn has come.
type job struct {
	endpoint *endpoint
	due      time.Time
}

// queue holds the jobs that wait for a worker, first in, first out. An endpoint is in it
// at most once, so it is never longer than the list.
type queue struct {
	jobs []job
	head int
}

func (q *queue) len() int { return len(q.jobs) - q.head }

func (q *queue) push(j job) { q.jobs = append(q.jobs, j) }

func (q *queue) pop() job {
	j := q.jobs[q.head]
	q.jobs[q.head] = job{}
	if q.head++; q.head == len(q.jobs) {
		q.jobs, q.head = q.jobs[:0], 0
	}
	return j
}
