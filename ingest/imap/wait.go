package imap

import (
	"context"
	"okienko/internal/board"
	"time"
)

// wait returns when the server tells of new letters, when it is time to look anyway, or when ctx ends.
func (c *session) wait(ctx context.Context) error {
	m := &c.src.memory
	d, news := c.cfg.Poll, c.news
	if due := m.nextDue(); !due.IsZero() {
		d = max(0, min(d, time.Until(due)))
	}
	if m.stalled() {
		d, news = m.pause.Next(), nil // nothing is accepted now, new letters would not be either
	}
	c.src.status.Enter(board.Idle)
	defer c.src.status.Enter(board.Working)
	const worthIdling = time.Second
	if c.canIdle && d >= worthIdling {
		return c.idle(ctx, d, news)
	}
	board.Sleep(ctx, d)
	return nil
}

// idle waits in IDLE (RFC 2177) for at most d, which Config keeps below the 29 minutes after which servers hang up. Ending
// it takes an answer, so a connection that died silently is noticed every time.
func (c *session) idle(ctx context.Context, d time.Duration, news <-chan struct{}) error {
	const doing = "waiting for new letters"
	came := c.command()
	idle, err := c.client.Idle()
	came()
	if isRefusal(err) {
		c.canIdle = false
		return nil
	}
	if err != nil {
		return c.failed(doing, err)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-news:
	case <-timer.C:
	case <-ctx.Done():
	case <-c.client.Closed():
	}
	defer c.command()()
	if err = idle.Close(); err == nil {
		err = idle.Wait()
	}
	if err != nil {
		return c.failed(doing, err)
	}
	c.src.status.Contact()
	return nil
}

// reopen opens the folder anew once a poll interval: a long-lived connection must notice a changed UIDVALIDITY too.
func (c *session) reopen(ctx context.Context) error {
	if time.Since(c.openedAt) < c.cfg.Poll {
		return nil
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	return c.reconcile(ctx)
}
