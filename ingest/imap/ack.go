package imap

import (
	"maps"
	"slices"

	"github.com/emersion/go-imap/v2"
)

func (c *session) destination(l letter) string {
	if l.incomplete != "" {
		return c.cfg.ReviewFolder
	}
	return c.cfg.DoneFolder
}

// moveAccepted acknowledges every letter that is durable: it leaves the folder, many at a time. Letters the server refuses
// to move stay remembered and are tried again at the next look; they are not offered again. The error is one of the
// connection.
func (c *session) moveAccepted() error {
	byFolder := map[string][]imap.UID{}
	for _, uid := range slices.Sorted(maps.Keys(c.src.memory.unmoved)) {
		folder := c.src.memory.unmoved[uid]
		byFolder[folder] = append(byFolder[folder], uid)
	}
	for _, folder := range slices.Sorted(maps.Keys(byFolder)) {
		for some := range slices.Chunk(byFolder[folder], c.cfg.Batch) {
			if err := c.moveSome(some, folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// moveSome moves letters together and, if the server refuses that, one by one.
func (c *session) moveSome(uids []imap.UID, folder string) error {
	err := c.move(uids, folder)
	if hasCode(err, imap.ResponseCodeTryCreate, imap.ResponseCodeNonExistent) {
		if err := c.ensureFolder(folder); classOf(err) == NotMoved {
			return nil
		} else if err != nil {
			return err
		}
		err = c.move(uids, folder)
	}
	switch {
	case err == nil:
		for _, uid := range uids {
			delete(c.src.memory.unmoved, uid)
		}
		return nil
	case !isRefusal(err):
		return c.failed("moving registered letters", err)
	case len(uids) == 1:
		return nil
	}
	for _, uid := range uids {
		if err := c.moveSome([]imap.UID{uid}, folder); err != nil {
			return err
		}
	}
	return nil
}

func (c *session) move(uids []imap.UID, folder string) error {
	defer c.command()()
	set := imap.UIDSetNum(uids...)
	if !c.client.Caps().Has(imap.CapMove) { // what the protocol layer goes by
		return c.copyAndExpunge(set, folder)
	}
	_, err := c.client.Move(set, folder).Wait()
	return err
}

// copyAndExpunge stands in for MOVE. Each step waits for the one before: the protocol layer's own stand-in sends all three
// at once, and deletes letters whose copy was refused. UID EXPUNGE (RFC 4315) leaves other people's deleted letters alone.
func (c *session) copyAndExpunge(set imap.UIDSet, folder string) error {
	if _, err := c.client.Copy(set, folder).Wait(); err != nil {
		return err
	}
	flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := c.client.Store(set, flags, nil).Close(); err != nil {
		return err
	}
	return c.client.UIDExpunge(set).Close()
}
