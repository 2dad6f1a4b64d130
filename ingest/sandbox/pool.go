package sandbox

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// Pool keeps child processes and gives each one task at a time. Children start when they are needed. It is safe for
// concurrent use.
type Pool struct {
	cfg   Config
	slots chan struct{} // one token for each child that may exist

	mu      sync.Mutex
	idle    []*process        // last used first: the rest may sleep
	busy    map[*process]bool // false: not to be used again after its task
	renewed int               // calls of Renew
	closed  bool

	warmOnce sync.Once
	warmDone chan struct{} // closed when warming ended
	warmErr  error
}

// NewPool returns a pool; no process runs yet. Close it.
func NewPool(cfg Config) (*Pool, error) {
	if len(cfg.Command) == 0 {
		return nil, errors.New("sandbox: Config.Command is empty: it must start a process that calls Child.Serve")
	}
	cfg = cfg.withDefaults(runtime.GOMAXPROCS(0))
	return &Pool{
		cfg:      cfg,
		slots:    make(chan struct{}, cfg.Children),
		busy:     make(map[*process]bool),
		warmDone: make(chan struct{}),
	}, nil
}

// Do runs one task in a child and waits for its answer. It waits for a free child until ctx ends. Errors: a *Death when the
// child ended meanwhile, a *HandlerError when the handler failed, ctx's error, else the pool could not work at all (no
// process could be started, a body could not be read). Do itself tries again only after ErrUnprepared, which happens before
// anything was written to t.Out.
func (p *Pool) Do(ctx context.Context, t Task) error {
	err := p.once(ctx, t)
	if !errors.Is(err, ErrUnprepared) {
		return err
	}
	if err := p.Warm(ctx); err != nil {
		return fmt.Errorf("warming up for the child processes: %w", err)
	}
	return p.once(ctx, t)
}

func (p *Pool) once(ctx context.Context, t Task) error {
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	err = c.do(ctx, t, p.cfg)
	p.put(c, err)
	return err
}

// Warm runs Child.Warm in a process of its own, if no earlier call did, and waits for it. Call it in the background at the
// start of the program, so that it is done when the first task needs it.
func (p *Pool) Warm(ctx context.Context) error {
	p.warmOnce.Do(func() {
		go func() {
			defer close(p.warmDone)
			p.warmErr = warmUp(context.WithoutCancel(ctx), p.cfg)
		}()
	})
	select {
	case <-p.warmDone:
		return p.warmErr
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Confinement says in one line what keeps a child from harming the machine, for the configuration check. It starts a child
// if none has run yet.
func (p *Pool) Confinement(ctx context.Context) (string, error) {
	c, err := p.take(ctx)
	if err != nil {
		return "", err
	}
	p.put(c, nil)
	return c.confinement, nil
}

// Renew has every later task done by a child that starts after this call: idle children end now, busy ones after their task.
// It is for a change of what Child.Prepare reads.
func (p *Pool) Renew() {
	p.mu.Lock()
	p.renewed++
	old := p.idle
	p.idle = nil
	for c := range p.busy {
		p.busy[c] = false
	}
	p.mu.Unlock()
	for _, c := range old {
		c.kill(nil)
	}
}

// Close ends all children. Tasks under way fail with a Death.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	all := p.idle
	p.idle = nil
	for c := range p.busy {
		all = append(all, c)
	}
	p.mu.Unlock()
	for _, c := range all {
		c.kill(nil)
	}
	return nil
}

func (p *Pool) take(ctx context.Context) (*process, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	c, err := p.idleOrNew(ctx)
	if err != nil {
		<-p.slots
		return nil, err
	}
	return c, nil
}

func (p *Pool) idleOrNew(ctx context.Context) (*process, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.busy[c] = true
		p.mu.Unlock()
		return c, nil
	}
	renewed := p.renewed
	p.mu.Unlock()

	c, err := start(ctx, p.cfg)
	if err != nil {
		return nil, fmt.Errorf("starting a child process: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.kill(nil)
		return nil, ErrClosed
	}
	p.busy[c] = renewed == p.renewed
	return c, nil
}

// put takes a child back. Only one that answered in good order, is not worn out and has not grown goes on living.
func (p *Pool) put(c *process, err error) {
	var refused *HandlerError
	healthy := (err == nil || errors.As(err, &refused)) && !c.killed.Load() &&
		c.tasks < p.cfg.MaxTasks && residentBytes(c.pid()) < p.cfg.Memory/2
	p.mu.Lock()
	keep := healthy && !p.closed && p.busy[c]
	delete(p.busy, c)
	if keep {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	if !keep {
		c.kill(nil)
	}
	<-p.slots
}
