package epuaptest

import "time"

// Switches are the ways in which the platform, or the way to it, may misbehave. The zero value behaves.
type Switches struct {
	Slow         time.Duration // before anything is done
	NotSOAP      int           // answer everything with this HTTP status and a page that is not SOAP
	Fault        int           // refuse every operation with a Wyjatek of this code
	FaultWith200 bool          // faults come with HTTP 200
	MTOM         bool          // binary content comes as an MTOM part
	UTF8Mark     bool          // a byte order mark before the answer

	Unsigned     bool // answers are not signed
	Impostor     bool // answers are signed by somebody else
	ChangedLater bool // answers are changed after signing

	SHA256            bool // confirmations must carry SHA-256
	CutBeforeConfirm  bool // the line breaks, the document stays
	CutAfterConfirm   bool // the document leaves the queue, the line breaks
	ConfirmWithout    bool // says "confirmed", the document stays
	DamagedDocument   bool // the content of the next document is no base64
	CutBeforeSend     bool // nadaj: the line breaks, nothing is delivered
	CutAfterSend      bool // nadaj: delivered, the line breaks
	NoProof           bool // nadaj: boxes issue no UPP
	RefuseSend        int  // nadaj: status.kod of the answer; nothing is delivered
	ProofChangedLater bool // nadaj: the UPP is changed after sealing
	ProofOfAnother    bool // nadaj: the UPP, well sealed, is about another document
	NoRealProof       bool // nadaj: what comes as the UPP is none

	UnsignedFile bool // FileRepo: the answer with the file is not signed

	CutInFile bool // FileRepo: the line breaks in the middle of the file, which counts as given out
	CutFile   bool // FileRepo: the line breaks before anything was done
}

// Set changes the switches from now on.
func (s *Server) Set(change func(*Switches)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.switches)
}

// Behave turns every switch off.
func (s *Server) Behave() { s.Set(func(sw *Switches) { *sw = Switches{} }) }

func (s *Server) current() Switches {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.switches
}
