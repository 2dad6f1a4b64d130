package workflow

import "context"

// Bench is what a judgement is made with: one version of the rule book, ready for use. It is immutable.
type Bench struct {
	Version  int64 // of the rule book; 0: as built into the program
	Judge    Judge
	Composer Composer
}

// Rulebook gives benches. Both methods may be called concurrently; an error means that no judgement can be made now.
type Rulebook interface {
	// InForce returns the bench of now: a version another process has just published is in it.
	InForce(ctx context.Context) (Bench, error)
	// Version returns the bench of a version, so that a case is finished with the one it was judged with.
	Version(ctx context.Context, n int64) (Bench, error)
}

// today is the pipeline with the judge and the composer of now, and their version.
func (p *Pipeline) today(ctx context.Context) (*Pipeline, int64, error) {
	if p.Rulebook == nil {
		return p, 0, nil
	}
	b, err := p.Rulebook.InForce(ctx)
	if err != nil {
		return p, 0, err
	}
	return p.on(b), b.Version, nil
}

// with is the pipeline with the judge and the composer of a version.
func (p *Pipeline) with(ctx context.Context, version int64) (*Pipeline, error) {
	if p.Rulebook == nil {
		return p, nil
	}
	b, err := p.Rulebook.Version(ctx, version)
	if err != nil {
		return p, err
	}
	return p.on(b), nil
}

func (p *Pipeline) on(b Bench) *Pipeline {
	q := *p
	q.Judge, q.Composer = b.Judge, b.Composer
	return &q
}
